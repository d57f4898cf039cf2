import Language

/// Moves pictures at random.
public enum AugmentShift {
  public static let op = Augmentation.op(
    "augment.shift",
    doc: """
      Moves a picture by whole pixels, evenly spread over ±pixels in both directions (the same as padding by pixels and \
      cutting out at random).
      """,
    params: [Param("pixels", .int(.natural), default: .int(4), "farthest move"), Augmentation.fill], numbers: 2
  ) { attributes in
    let (reach, fill) = (attributes.int("pixels"), Augmentation.fill(attributes))
    return { picture in
      let down = min(2 * reach, Int(picture.numbers[0] * Float(2 * reach + 1))) - reach
      let right = min(2 * reach, Int(picture.numbers[1] * Float(2 * reach + 1))) - reach
      picture.map(fill) { row, column in
        let (y, x) = (row - down, column - right)
        return y >= 0 && y < picture.height && x >= 0 && x < picture.width ? y * picture.width + x : nil
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AugmentShift.op, $0) }
