import Images
import Language
import Tensors

/// The part of a photo that landmarks enclose, as a mask.
public enum FaceMask {
  public static let op = Op(
    "face.mask",
    doc: """
      White inside the convex hull of a face's landmarks, black outside, as large as "image": a region for guided style \
      transfer or for a patch search that keeps to the face. With 68 points (iBUG 300-W) lips, eyes and brows can be had \
      alone, eyes and brows as the hulls of the left and of the right ones. grow moves the edge outward (forehead and \
      chin lie beyond the outermost points), as a share of the hull's size; below 0 inward.
      """,
    inputs: [
      Port("image", "image", .one, "gives the size"),
      Port("points", "any", .one, "[[x, y]…] or a tensor [N, 2] in pixels of the image"),
    ],
    outputs: [Port("mask", "image<grey8>")],
    params: [
      Param("part", .choice(Part.allCases.map(\.rawValue)), default: .string("face"), "what is enclosed"),
      Param("grow", .number(-1...4), default: .float(0), "0.1 makes the hull a tenth larger about its middle"),
    ],
    infer: { facts throws(Fault) in
      [.image(ImageType(format: .grey8, height: facts.image("image").height, width: facts.image("image").width))]
    },
    action: .host(
      Host { call throws(Fault) in
        let image = try call.image("image")
        guard let value = call.value("points") else { throw .wrongValue("points", "list of points", nil) }
        let points = try value.points("points")
        let part = Part(rawValue: call.attributes.string("part"))!
        if let least = part.least, points.count != least { throw .partNeeds68(part.rawValue, points.count) }
        let scale = 1 + call.attributes.number("grow")
        var mask = [UInt8](repeating: 0, count: image.width * image.height)
        for range in part.ranges(points.count) {
          let hull = hull(Array(points[range]))
          guard hull.count > 2 else { throw .noHull(hull.count) }
          let middle = Point(
            hull.reduce(0) { $0 + $1.x } / Double(hull.count), hull.reduce(0) { $0 + $1.y } / Double(hull.count))
          let grown = hull.map { Point(middle.x + ($0.x - middle.x) * scale, middle.y + ($0.y - middle.y) * scale) }
          fill(grown, &mask, width: image.width, height: image.height)
        }
        return [.image(Image(format: .grey8, pixels: Tensor(shape: [image.height, image.width, 1], mask)))]
      }))

  enum Part: String, CaseIterable {
    case face, lips, eyes, brows

    /// How many points it takes; nil: any.
    var least: Int? { self == .face ? nil : 68 }

    func ranges(_ count: Int) -> [Range<Int>] {
      switch self {
      case .face: [0..<count]
      case .lips: [48..<68]
      case .eyes: [36..<42, 42..<48]
      case .brows: [17..<22, 22..<27]
      }
    }
  }

  /// The convex hull, counterclockwise (Andrew 1979, monotone chains).
  static func hull(_ points: [Point]) -> [Point] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: some Sequence<Point>) -> [Point] {
      var chain: [Point] = []
      for point in points {
        while chain.count > 1 {
          let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
          guard (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0 else { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return Array(chain.dropLast())
    }
    return chain(sorted) + chain(sorted.reversed())
  }

  /// Pixels whose middle lies in the convex polygon.
  private static func fill(_ polygon: [Point], _ mask: inout [UInt8], width: Int, height: Int) {
    for row in 0..<height {
      let y = Double(row) + 0.5
      var (left, right) = (Double.infinity, -Double.infinity)
      for (a, b) in zip(polygon, polygon.dropFirst() + polygon.prefix(1)) where (a.y > y) != (b.y > y) {
        let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
        (left, right) = (min(left, x), max(right, x))
      }
      guard left < right else { continue }
      let first = max(0, Int((left - 0.5).rounded(.up).clamped(0, Double(width))))
      let end = min(width, Int((right - 0.5).rounded(.down).clamped(-1, Double(width))) + 1)
      for column in first..<max(first, end) { mask[row * width + column] = 255 }
    }
  }
}

extension Double {
  /// Moved to the nearer end of low...high.
  fileprivate func clamped(_ low: Double, _ high: Double) -> Double { Swift.min(Swift.max(self, low), high) }
}

extension Fault {
  fileprivate static func partNeeds68(_ part: String, _ count: Int) -> Fault {
    .failed("part \"\(part)\" needs 68 points, but \(count) arrived; \"face\" takes any")
  }

  fileprivate static func noHull(_ count: Int) -> Fault {
    .failed("the points enclose nothing: their hull has \(count) corners")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FaceMask.op, $0) }
