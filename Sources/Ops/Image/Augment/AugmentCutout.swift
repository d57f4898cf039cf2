import Language

/// Blanks a square of pictures at random (DeVries & Taylor 2017).
public enum AugmentCutout {
  public static let op = Augmentation.op(
    "augment.cutout", doc: "Fills a square whose centre lies anywhere in the picture, with a probability (cutout).",
    params: [
      Param("size", .int(.positive), default: .int(8), "side of the square, px"),
      Param("probability", .number(0...1), default: .float(1), "of a picture with a square"), Augmentation.fill,
    ], numbers: 3
  ) { attributes in
    let (size, probability) = (attributes.int("size"), Float(attributes.number("probability")))
    let fill = Augmentation.fill(attributes)
    return { picture in
      guard picture.numbers[0] < probability else { return picture.copy() }
      let top = Int(picture.numbers[1] * Float(picture.height)) - size / 2
      let left = Int(picture.numbers[2] * Float(picture.width)) - size / 2
      picture.map(fill) { row, column in
        row >= top && row < top + size && column >= left && column < left + size ? nil : row * picture.width + column
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AugmentCutout.op, $0) }
