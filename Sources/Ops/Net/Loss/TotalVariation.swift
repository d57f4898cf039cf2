import Language
import Tensors

/// How rough a picture is: differences of neighbouring pixels, under the conventions in use.
public enum TotalVariation {
  public static let op: Op = Op(
    "nn.total_variation",
    doc: """
      scale * a sum over differences of neighbours along the last two axes. Conventions: `squared` Σdx² + Σdy² over all \
      neighbours (CS231n, Mahendran & Vedaldi with β = 2); `squared_interior` the same without the last row and column \
      (half of it, scale 0.5, is what neural-style differentiates); `squared_mean` is `squared` divided by the number of \
      elements (style-transfer-pytorch, first releases); `absolute` Σ|dx| + Σ|dy| (neural-style-pt, \
      tf.image.total_variation); `absolute_interior` without the last row and column; `nine_point` \
      2·(mean dx²/3 + mean dy²/3 + the means of both squared diagonals/12) of the picture with its edge repeated once all \
      around (style-transfer-pytorch); `keras` \
      Σ(dx² + dy²)^1.25 over the interior (Keras' neural style example).
      """,
    inputs: [Port("x", "tensor<f32>", .one, "pictures, […, H, W]")],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [
      Param("convention", .choice(Variation.names), default: .string("squared"), "which differences, and what of them"),
      Param("scale", .number(.all), default: .float(1), "factor"),
    ],
    infer: { facts throws(Fault) in
      if let shape = try Shapes.extents(facts, "x", atLeast: 2) {
        for dimension in shape.count - 2..<shape.count {
          if let extent = shape[dimension].value, extent < 2 {
            throw .tooSmallForDifferences(dimension, shape[dimension])
          }
        }
      }
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(TotalVariationGradient.op, [[a.operands[0]], [a.cotangent]], a.attributes)
        },
        select: { site throws(Fault) in
          let variation = Variation(site.attributes, site.operand(0).shape)
          return [
            Choice("sum", operations: 6 * Double(site.operand(0).count)) { call in
              var sum = 0.0
              for plane in 0..<variation.planes { sum += variation.value(call.input(0) + plane * variation.area) }
              call.output()[0] = Float(sum)
            }
          ]
        })))
}

/// The differences of one convention, with a weight per direction.
struct Variation: Sendable {
  static let names = [
    "squared", "squared_interior", "squared_mean", "absolute", "absolute_interior", "nine_point", "keras",
  ]

  enum Term: Sendable { case square, magnitude, power }

  let planes: Int
  let height: Int
  let width: Int
  private let term: Term
  private let isInterior: Bool
  /// Weights of differences along x, along y and along both diagonals.
  private let across: Double
  private let down: Double
  private let diagonal: Double
  /// What a difference along the edge weighs more, because the repeated edge makes diagonals of it.
  private let along: Double

  var area: Int { height * width }

  init(_ attributes: Attributes, _ shape: [Int]) {
    let convention = attributes.string("convention")
    let scale = attributes.number("scale")
    (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    planes = shape.dropLast(2).reduce(1, *)
    isInterior = convention.hasSuffix("interior") || convention == "keras"
    term = convention == "keras" ? .power : convention.hasPrefix("absolute") ? .magnitude : .square
    let isPadded = convention == "nine_point"
    // Both diagonals of the padded picture see each difference along the edge once.
    along = isPadded ? scale / 3 / Double(planes * (height + 1) * (width + 1)) : 0
    switch convention {
    case "squared_mean":
      across = scale / Double(planes * height * width)
      (down, diagonal) = (across, 0)
    case "nine_point":
      across = scale * 2 / 3 / Double(planes * height * width)
      down = across
      diagonal = scale * 2 / 12 / Double(planes * (height + 1) * (width + 1))
    default: (across, down, diagonal) = (scale, scale, 0)
    }
  }

  /// The sum over one plane, in row order.
  func value(_ x: UnsafePointer<Float>) -> Double {
    var sum = 0.0
    visit { from, to, weight in
      let difference = Double(x[to]) - Double(x[from])
      sum += weight * (term == .square ? difference * difference : abs(difference))
    } corner: { at in
      let (dx, dy) = (Double(x[at + 1]) - Double(x[at]), Double(x[at + width]) - Double(x[at]))
      let square = dx * dx + dy * dy
      sum += across * square * square.squareRoot().squareRoot()
    }
    return sum
  }

  /// Overwrites dx with g times the gradient over one plane.
  func gradient(_ x: UnsafePointer<Float>, _ g: Float, _ dx: UnsafeMutablePointer<Float>) {
    dx.update(repeating: 0, count: area)
    visit { from, to, weight in
      let difference = x[to] - x[from]
      let slope = term == .square ? 2 * difference : difference > 0 ? 1 : difference < 0 ? -1 : 0
      let part = g * Float(weight) * slope
      dx[to] += part
      dx[from] -= part
    } corner: { at in
      let (a, b) = (x[at + 1] - x[at], x[at + width] - x[at])
      let part = g * Float(across) * 2.5 * (a * a + b * b).squareRoot().squareRoot()
      dx[at + 1] += part * a
      dx[at + width] += part * b
      dx[at] -= part * (a + b)
    }
  }

  /// Every pair of neighbours with its weight; or, for the convention that joins both differences, every corner.
  @inline(__always)
  private func visit(_ pair: (Int, Int, Double) -> Void, corner: (Int) -> Void) {
    for row in 0..<height {
      let hasBelow = row + 1 < height
      if isInterior && !hasBelow { break }
      for column in 0..<(isInterior ? width - 1 : width) {
        let at = row * width + column
        if term == .power {
          corner(at)
          continue
        }
        let hasRight = column + 1 < width
        if hasRight { pair(at, at + 1, row == 0 || !hasBelow ? across + along : across) }
        if hasBelow { pair(at, at + width, column == 0 || !hasRight ? down + along : down) }
        if diagonal != 0, hasRight, hasBelow {
          pair(at, at + width + 1, diagonal)
          pair(at + 1, at + width, diagonal)
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TotalVariation.op, $0) }
