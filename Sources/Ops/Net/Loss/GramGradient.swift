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
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GramGradient.op, $0) }
