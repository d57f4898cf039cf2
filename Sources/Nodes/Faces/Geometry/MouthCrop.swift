import Images
import Language

/// Where the pixels of a crop of the mouth lie in the photo.
public enum MouthCrop {
  public static let op = Op(
    "face.mouth",
    doc: """
      The map of a crop of a face's mouth; image.warp with inverse: true cuts it out, image.place puts it back. Of 68 \
      landmarks the upright box of points 48 to 67 fills the crop. Of 5 points the crop follows the corners of the mouth: \
      as wide as they are apart, from 0.18 of that above their line to 0.29 below it, where the mean face of iBUG 300-W \
      has its lips.
      """,
    inputs: [
      Port("face", "face"), Port("points", "tensor<f32>", .optional, "[68, 2] landmarks, in place of the face's own"),
    ],
    outputs: [Port("matrix", "tensor<f32>[2,3]", .one, "From the crop's pixels to the photo's.")],
    params: [
      Param("width", .int(1...8192), default: .int(90), "of the crop, px"),
      Param("height", .int(1...8192), default: .int(30), "of the crop, px"),
      Param("margin", .number(-0.49...10), default: .float(0), "by which the box grows on every side, a share of it"),
    ],
    infer: { _ throws(Fault) in [.f32([2, 3])] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let given = call.value("points")
        let points =
          if let given, !given.isNone { try given.points("points") } else { try call.face("face").points }
        let size = (Double(call.attributes.int("width")), Double(call.attributes.int("height")))
        let margin = call.attributes.number("margin")
        guard let map = try map(points, size: size, margin: margin), map.inverse != nil else {
          throw .collapsedPoints
        }
        return [.tensor(map.tensor)]
      }))

  /// nil where the points give no direction.
  static func map(_ points: [Point], size: (Double, Double), margin: Double) throws(Fault) -> Affine? {
    // Along the mouth, across it, and the corner of its box.
    let across: Point
    let down: Point
    let corner: Point
    switch points.count {
    case 68:
      let mouth = points[48..<68]
      let (left, right) = (mouth.map(\.x).min() ?? 0, mouth.map(\.x).max() ?? 0)
      let (top, bottom) = (mouth.map(\.y).min() ?? 0, mouth.map(\.y).max() ?? 0)
      (across, down, corner) = (Point(right - left, 0), Point(0, bottom - top), Point(left, top))
    case 5:
      let (left, right) = (points[3], points[4])
      across = Point(right.x - left.x, right.y - left.y)
      down = Point(-0.47 * across.y, 0.47 * across.x)
      corner = Point(left.x + 0.18 * across.y, left.y - 0.18 * across.x)
    default: throw .pointCount("face.mouth", "5 or 68", points.count)
    }
    let (columns, rows) = (size.0 / (1 + 2 * margin), size.1 / (1 + 2 * margin))
    let x = Point(across.x / columns, across.y / columns)
    let y = Point(down.x / rows, down.y / rows)
    let start = Point(
      corner.x - margin * (across.x + down.x), corner.y - margin * (across.y + down.y))
    // Pixel centres on pixel centres, as a cut and a resize would have it.
    return Affine(
      x.x, y.x, start.x + (x.x + y.x) / 2 - 0.5, x.y, y.y, start.y + (x.y + y.y) / 2 - 0.5)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MouthCrop.op, $0) }
