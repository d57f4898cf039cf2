import Glibc
import Language

/// Turns and scales pictures at random.
public enum AugmentAffine {
  public static let op = Augmentation.op(
    "augment.affine",
    doc: "Turns a picture about its centre by up to ±degrees and scales it by a factor from scale, bilinearly.",
    params: [
      Param("degrees", .number(0...180), default: .float(10), "largest turn"),
      Param("scale", .numbers(0.1...10, counts: [2]), default: .array([.float(0.9), .float(1.1)]), "[least, most]"),
      Augmentation.fill,
    ], numbers: 2,
    check: { facts throws(Fault) in
      let scale = facts.attributes.numbers("scale")
      guard scale[0] <= scale[1] else { throw .params("param \"scale\" takes [least, most], not \(scale)") }
    }
  ) { attributes in
    let (degrees, scale) = (Float(attributes.number("degrees")), attributes.numbers("scale").map { Float($0) })
    let fill = Augmentation.fill(attributes)
    return { picture in
      let angle = (2 * picture.numbers[0] - 1) * degrees * .pi / 180
      let factor = 1 / (scale[0] + (scale[1] - scale[0]) * picture.numbers[1])
      let (sine, cosine) = (sin(angle) * factor, cos(angle) * factor)
      let (centreY, centreX) = (Float(picture.height - 1) / 2, Float(picture.width - 1) / 2)
      for row in 0..<picture.height {
        for column in 0..<picture.width {
          let (v, u) = (Float(row) - centreY, Float(column) - centreX)
          let (y, x) = (centreY + cosine * v - sine * u, centreX + sine * v + cosine * u)
          let (top, left) = (y.rounded(.down), x.rounded(.down))
          for channel in 0..<picture.channels {
            let plane = picture.x + channel * picture.area
            func at(_ dy: Int, _ dx: Int) -> Float {
              let (r, c) = (Int(top) + dy, Int(left) + dx)
              guard r >= 0, r < picture.height, c >= 0, c < picture.width else {
                return Augmentation.value(fill, channel)
              }
              return plane[r * picture.width + c]
            }
            let (fy, fx) = (y - top, x - left)
            picture.y[channel * picture.area + row * picture.width + column] =
              (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(0, 1)) + fy * ((1 - fx) * at(1, 0) + fx * at(1, 1))
          }
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AugmentAffine.op, $0) }
