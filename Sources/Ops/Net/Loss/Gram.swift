import Kernels
import Language
import Tensors

/// Gram matrix of features: which channels fire together, wherever they do.
public enum Gram {
  public static let op: Op = Op(
    "nn.gram",
    doc: """
      Gram matrix F · Fᵀ of features [1, C, H, W], [C, H, W] or [C, M]: [C, C]. A batch [N, C, H, W] gives [N, C, C]. \
      `normalise` divides by nothing (Gatys et al. 2015; the Coursera assignment), by C·H·W (PyTorch tutorial, \
      neural-style, CS231n) by H·W (style-transfer-pytorch) or, unbiased, by H·W - 1: the covariance of centred features.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "features")],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param(
        "normalise", .choice(["none", "chw", "hw", "unbiased"]), default: .string("chw"), "what the sums are divided by"
      )
    ],
    infer: { facts throws(Fault) in
      guard let shape = try Shapes.extents(facts, "x", atLeast: 2) else { return [.f32(nil)] }
      guard shape.count <= 4 else { throw .rank("x", shape, "2, 3 or 4") }
      let channels = shape[shape.count == 4 ? 1 : 0]
      guard shape.count == 4, shape[0] != 1 else { return [.f32([channels, channels])] }
      // Whether there is a batch axis depends on N, so an unknown N leaves the rank open.
      return [.f32(shape[0].value == nil ? nil : [shape[0], channels, channels])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let x = a.operands[0]
          let scale = GramPlan(e.region.concrete(x).shape, a.attributes).scale
          let sum = try e.emit(SymmetricSum.op, [[a.cotangent]], ["scale": .float(Double(scale))])
          return try e.emit(GramGradient.op, [[x], sum])
        },
        select: { site throws(Fault) in
          let plan = GramPlan(site.operand(0).shape, site.attributes)
          let product = Gemm(m: plan.channels, n: plan.channels, k: plan.area, transposeB: true)
          // At least two parts, so that two cores share what has few channels and many positions.
          let rows = Chunking(
            count: plan.channels, unitCost: 1, grain: max(8, min(64, (plan.channels + 1) / 2)))
          return [
            Choice(
              "gemm", operations: product.operations * Double(plan.batch), scratch: Gemm.scratchBytes,
              chunks: max(1, plan.batch * rows.chunks)
            ) { call in
              let features = call.input(0) + call.chunk / rows.chunks * plan.channels * plan.area
              product.run(
                rows: rows.range(call.chunk % rows.chunks), columns: 0..<plan.channels, a: features, b: features,
                c: call.output() + call.chunk / rows.chunks * plan.channels * plan.channels, alpha: plan.scale,
                scratch: call.scratch)
            }
          ] + blocked(site, plan)
        })))

  /// Features as networks leave them; half the products, because the matrix is symmetric.
  private static func blocked(_ site: Site, _ plan: GramPlan) -> [Choice] {
    guard site.operand(0).shape.count == 4, site.operand(0).shape[1] >= 16 else { return [] }
    let gram = BlockedGram(shape: site.operand(0).shape, scale: plan.scale)
    return [
      Choice(
        "blocked", operandLayouts: [.blocked], resultLayouts: [.rowMajor], operations: gram.operations,
        scratch: gram.scratchBytes, chunks: gram.chunks, prevails: true, seconds: gram.operations / 80e9
      ) { call in gram.run(chunk: call.chunk, x: call.input(0), y: call.output(), scratch: call.scratch) }
    ]
  }
}

/// Sizes of a Gram matrix.
struct GramPlan: Sendable {
  let batch: Int
  let channels: Int
  let area: Int
  let scale: Float

  init(_ shape: [Int], _ attributes: Attributes) {
    self.init(shape, attributes.string("normalise"))
  }

  init(_ shape: [Int], _ normalise: String = "none") {
    batch = shape.count == 4 ? shape[0] : 1
    channels = shape[shape.count == 4 ? 1 : 0]
    area = shape[(shape.count == 4 ? 2 : 1)...].reduce(1, *)
    scale =
      switch normalise {
      case "chw": Float(1 / Double(channels * area))
      case "hw": Float(1 / Double(area))
      case "unbiased": Float(1 / Double(max(1, area - 1)))
      default: 1
      }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Gram.op, $0) }
