import Language

/// Mirrors pictures at random.
public enum AugmentFlip {
  public static let op = Augmentation.op(
    "augment.flip", doc: "Mirrors a picture, left and right, with a probability.",
    params: [Param("probability", .number(0...1), default: .float(0.5), "of a mirrored picture")], numbers: 1
  ) { attributes in
    let probability = Float(attributes.number("probability"))
    return { picture in
      guard picture.numbers[0] < probability else { return picture.copy() }
      for row in 0..<picture.channels * picture.height {
        let start = row * picture.width
        for column in 0..<picture.width {
          picture.y[start + column] = picture.x[start + picture.width - 1 - column]
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AugmentFlip.op, $0) }
