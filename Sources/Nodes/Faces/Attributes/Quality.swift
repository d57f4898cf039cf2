import Glibc
import Images
import Language
import Tensors

/// How well a face can be recognised.
public enum Quality {
  public static let op = Op(
    "face.quality",
    doc: """
      A score 0...1 of how well a face can be recognised, and what is wrong with it: 0.28 · score + 0.22 · size + \
      0.22 · sharpness + 0.18 · frontal + 0.10 · exposure, as InsightFace's tool weighs them. size: share of the photo's \
      area over 0.08; sharpness: variance of the Laplacian of the box in grey over 250; frontal: 1 - the nose's distance \
      from the middle of the eyes along their line, over half their distance (without points 0.5); exposure: 1 - \
      |mean grey - 128| / 128. Each part is held in 0...1. Reasons: "unsure" (score below 0.55), "small" (under 1 % of \
      the photo), "blurred" (variance below 45), "dark" (mean below 45), "bright" (above 220), "turned" (nose off by over \
      0.35 of the eyes' distance), "cut off" (the box leaves the photo).
      """,
    inputs: [Port("face", "face"), Port("image", "image", .one, "The photo.")],
    outputs: [Port("quality", "number"), Port("reasons", "list<string>")],
    infer: { _ throws(Fault) in [.number, .list(.string)] },
    action: .host(
      Host { call throws(Fault) in
        let (face, photo) = (try call.face("face"), try call.image("image"))
        let box = face.box
        let area = Double(photo.width * photo.height)
        let share = area > 0 ? box.area / area : 0
        let patch = try GreyPatch(photo, box)
        let offset = noseOffset(face.points)
        let frontal = offset.map { unit(1 - $0 / 0.5) } ?? 0.5
        let quality =
          0.28 * unit(face.score) + 0.22 * unit(share / 0.08) + 0.22 * unit(patch.sharpness / 250) + 0.18 * frontal
          + 0.10 * unit(1 - abs(patch.mean - 128) / 128)
        var reasons: [String] = []
        if face.score < 0.55 { reasons.append("unsure") }
        if share < 0.01 { reasons.append("small") }
        if patch.sharpness < 45 { reasons.append("blurred") }
        if patch.mean < 45 { reasons.append("dark") }
        if patch.mean > 220 { reasons.append("bright") }
        if let offset, offset > 0.35 { reasons.append("turned") }
        if box.x1 < 0 || box.y1 < 0 || box.x2 > Double(photo.width) || box.y2 > Double(photo.height) {
          reasons.append("cut off")
        }
        return [.number(quality), .list(reasons.map { .string($0) })]
      }))

  private static func unit(_ value: Double) -> Double { min(max(value, 0), 1) }

  /// How far the nose is from the middle of the eyes, along their line, in their distance.
  static func noseOffset(_ points: [Point]) -> Double? {
    guard points.count == 5 else { return nil }
    let (x, y) = (points[1].x - points[0].x, points[1].y - points[0].y)
    let squared = x * x + y * y
    guard squared > 0 else { return nil }
    let (u, v) = (
      points[2].x - (points[0].x + points[1].x) / 2, points[2].y - (points[0].y + points[1].y) / 2
    )
    return abs(u * x + v * y) / squared
  }
}

/// The part of a photo inside a box, in grey (BT.601).
struct GreyPatch {
  let mean: Double
  /// Variance of the 4-neighbour Laplacian, edges mirrored (OpenCV's Laplacian with ksize 1).
  let sharpness: Double

  init(_ photo: Image, _ box: Box) throws(Fault) {
    func place(_ value: Double, _ limit: Int) -> Int {
      value.isFinite ? Int(min(max(value.rounded(.down), 0), Double(limit))) : 0
    }
    let (left, right) = (place(box.x1, photo.width), place(box.x2.rounded(.up), photo.width))
    let (top, bottom) = (place(box.y1, photo.height), place(box.y2.rounded(.up), photo.height))
    let (width, height) = (right - left, bottom - top)
    guard width > 1, height > 1 else {
      (mean, sharpness) = (0, 0)
      return
    }
    let grey = try photo.cropped(x: left, y: top, width: width, height: height).converted(to: .grey8)
    (mean, sharpness) = grey.pixels.withElements(UInt8.self) { pixels in
      var (sum, first, second) = (0, 0, 0)
      for row in 0..<height {
        let above = (row == 0 ? 1 : row - 1) * width
        let below = (row == height - 1 ? height - 2 : row + 1) * width
        for column in 0..<width {
          let before = column == 0 ? 1 : column - 1
          let after = column == width - 1 ? width - 2 : column + 1
          let value = Int(pixels[row * width + column])
          let laplacian =
            Int(pixels[above + column]) + Int(pixels[below + column]) + Int(pixels[row * width + before])
            + Int(pixels[row * width + after]) - 4 * value
          sum += value
          first += laplacian
          second += laplacian * laplacian
        }
      }
      let count = Double(width * height)
      let mean = Double(first) / count
      return (Double(sum) / count, Double(second) / count - mean * mean)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Quality.op, $0) }
