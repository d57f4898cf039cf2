import Kernels
import Language
import Tensors

/// Affine warps with bilinear sampling.
public enum AffineWarp {
  static let params = [
    Param("width", .int(.positive), "Columns of the result."), Param("height", .int(.positive), "Rows of the result."),
    Param(
      "matrix", .numbers(.all, counts: [6]), default: .null,
      "a b c d e f: a pixel at (x, y) lands at (a x + b y + c, d x + e y + f), pixel centres being whole numbers."),
    Param(
      "inverse", .bool, default: .bool(false), "Whether the matrix leads from the result back to the input instead."),
    Param("border", .number(.all), default: .float(0), "What lies outside the input."),
  ]
  static let matrix = Port("matrix", "tensor<f32>[2,3]", .optional, "The matrix, in place of the param.")

  public static let op: Op = Op(
    "image.warp", doc: "Moves, turns, scales and shears a picture by an affine matrix, as OpenCV's warpAffine.",
    inputs: [Port("image", "image", .one, "8 bits per channel."), matrix],
    outputs: [Port("image", "image", .one, "height × width.")], params: params,
    infer: { facts throws(Fault) in
      try checkMatrix(facts)
      let image = facts.image("image")
      if let format = image.format, format.bits != 8 {
        throw .type("image is \(format.rawValue); warping takes 8 bits per channel")
      }
      return [
        .image(
          ImageType(
            format: image.format, height: Dim(facts.attributes.int("height")), width: Dim(facts.attributes.int("width"))
          ))
      ]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = Plan(site, from: site.operand(0).shape, to: site.result.shape)
        let channels = site.result.shape[2]
        let chunking = Chunking(count: plan.output.height, unitCost: 16 * plan.output.width * channels)
        return [
          Choice("bilinear", operations: 8 * Double(site.result.count), chunks: chunking.chunks) { call in
            plan.warp(call).run(
              rows: chunking.range(call.chunk), channels: channels,
              x: call.operands[0].assumingMemoryBound(to: UInt8.self),
              y: call.results[0].assumingMemoryBound(to: UInt8.self))
          }
        ]
      })))

  public static let tensor: Op = Op(
    "tensor.warp", doc: "Warps the last two dimensions of a tensor by an affine matrix; differentiable by x.",
    inputs: [Port("x", "tensor<f32>", .one, "[..., H, W]"), matrix],
    outputs: [Port("y", "tensor<f32>", .one, "[..., height, width]")], params: params,
    infer: { facts throws(Fault) in
      try checkMatrix(facts)
      let type = facts.tensor("x")
      guard let shape = type.shape else { return [.f32(nil)] }
      guard shape.count >= 2 else { throw .shape("x has \(shape.count) dimensions; at least 2 are needed") }
      let size = [Dim(facts.attributes.int("height")), Dim(facts.attributes.int("width"))]
      return [.f32(shape.dropLast(2) + size, type.meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.region.concrete(adjoint.operands[0]).shape
          var attributes = adjoint.attributes.values
          attributes["input"] = .ints(Array(shape.suffix(2)))
          let matrix = adjoint.operands.dropFirst()
          if matrix.first != nil, adjoint.needs[1] { throw Fault.notDifferentiable("tensor.warp by its matrix") }
          let g = try emitter.emit(gradient, [[adjoint.cotangent], Array(matrix)], attributes)[0]
          return [g] + matrix.map { _ in nil }
        },
        select: { site throws(Fault) in
          let plan = Plan(site, from: site.operand(0).shape, to: site.result.shape)
          return [
            Choice("bilinear", operations: 8 * Double(site.result.count), chunks: max(1, plan.planes)) { call in
              guard plan.planes > 0 else { return }
              plan.warp(call).run(planes: call.chunk..<call.chunk + 1, x: call.input(0), y: call.output())
            }
          ]
        })))

  static let gradient: Op = Op(
    "tensor.warp_gradient", doc: "The gradient of tensor.warp by x.", inputs: [Port("g", "tensor<f32>"), matrix],
    outputs: [Port("y", "tensor<f32>")],
    params: params + [Param("input", .ints(.positive, counts: [2]), "Height and width of x.")], isInternal: true,
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("g").shape else { return [.f32(nil)] }
      return [.f32(shape.dropLast(2) + facts.attributes.ints("input").map { Dim($0) })]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = Plan(site, from: site.result.shape, to: site.operand(0).shape)
        return [
          Choice("bilinear", operations: 8 * Double(site.operand(0).count), chunks: max(1, plan.planes)) { call in
            guard plan.planes > 0 else { return }
            plan.warp(call).gradient(planes: call.chunk..<call.chunk + 1, dy: call.input(0), dx: call.output())
          }
        ]
      })))

  private static func checkMatrix(_ facts: Facts) throws(Fault) {
    guard facts.attributes.has("matrix") != facts.isConnected("matrix") else {
      throw .params("the matrix is needed once, as a param or on its port")
    }
    if facts.attributes.has("matrix"), !facts.attributes.bool("inverse") {
      let m = facts.attributes.numbers("matrix")
      if m[0] * m[4] - m[1] * m[3] == 0 { throw .params("param \"matrix\" flattens the picture: it has no inverse") }
    }
  }

  /// The sizes, and the map from the result to the input once the matrix is known.
  private struct Plan: Sendable {
    let input: Extent
    let output: Extent
    let planes: Int
    let matrix: [Double]?
    let isInverse: Bool
    let border: Float

    /// `from` and `to` are [..., H, W] or pictures [H, W, C].
    init(_ site: Site, from: [Int], to: [Int]) {
      let isPicture = site.result.dtype != .f32
      let place = isPicture ? 0 : from.count - 2
      input = Extent(from[place], from[place + 1])
      output = Extent(to[place], to[place + 1])
      planes = isPicture ? 1 : from.dropLast(2).reduce(1, *)
      matrix = site.attributes.has("matrix") ? site.attributes.numbers("matrix") : nil
      isInverse = site.attributes.bool("inverse")
      border = Float(site.attributes.number("border"))
    }

    func warp(_ call: KernelCall) -> Warp {
      func entry(_ index: Int) -> Double { matrix.map { $0[index] } ?? Double(call.input(1)[index]) }
      let (a, b, c, d, e, f) = (entry(0), entry(1), entry(2), entry(3), entry(4), entry(5))
      if isInverse { return Warp(input: input, output: output, a: a, b: b, c: c, d: d, e: e, f: f, border: border) }
      let determinant = a * e - b * d
      let (p, q, r, s) = (e / determinant, -b / determinant, -d / determinant, a / determinant)
      return Warp(
        input: input, output: output, a: p, b: q, c: -(p * c + q * f), d: r, e: s, f: -(r * c + s * f), border: border)
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AffineWarp.op, $0) }
@used @section("weft_ops") private let tensorEntry: OpEntry = { Registry.collect(AffineWarp.tensor, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(AffineWarp.gradient, $0) }
