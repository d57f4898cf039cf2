import Kernels
import Language
import Tensors

/// The gradient of a Gram matrix by the features: (dG + dGᵀ) · F, the sum being made beforehand.
enum GramGradient {
  static let op: Op = Op(
    "nn.gram_gradient", doc: "Gradient of nn.gram by the features, from the symmetric sum of that of the matrix.",
    inputs: [Port("x", "tensor<f32>"), Port("sum", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = GramPlan(site.operand(0).shape)
        let product = Gemm(m: plan.channels, n: plan.area, k: plan.channels)
        return [
          Choice(
            "gemm", operations: product.operations * Double(plan.batch), scratch: Gemm.scratchBytes,
            chunks: max(1, plan.batch * product.chunkCount)
          ) { call in
            let batch = call.chunk / product.chunkCount
            product.run(
              chunk: call.chunk % product.chunkCount, a: call.input(1) + batch * plan.channels * plan.channels,
              b: call.input(0) + batch * plan.channels * plan.area,
              c: call.output() + batch * plan.channels * plan.area, scratch: call.scratch)
          }
        ] + blocked(site)
      })))

  /// The sum is the weight of a convolution of one tap, which can add what else flows back to the features.
  private static func blocked(_ site: Site) -> [Choice] {
    let shape = site.result.shape
    guard shape.count == 4, shape[0] == 1, shape[1] >= 16 else { return [] }
    let extent = Extent(shape[2], shape[3])
    guard
      let plan = BlockedConvolution(
        Convolution(batch: 1, channels: shape[1], input: extent, outputs: shape[1], kernel: Extent(1, 1))),
      plan.algorithm == .direct
    else { return [] }
    return [
      BlockedChoice.convolution(
        site, plan, own: 2, source: 0, weight: 1, bias: nil, operations: 2 * Double(shape[1] * shape.reduce(1, *)))
    ]
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GramGradient.op, $0) }
