import Kernels
import Language
import Tensors

/// The gradient of a fully connected layer by its weight: dyᵀ · x over all leading dimensions.
enum LinearWeightGradient {
  static let op: Op = Op(
    "nn.linear_weight_gradient", doc: "Gradient of nn.linear by its weight, from x and the gradient of y.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dw", "tensor<f32>")],
    isInternal: true,
    infer: { facts throws(Fault) in
      guard let x = facts.tensor("x").shape, let dy = facts.tensor("dy").shape else { return [.f32(nil)] }
      return [.f32([dy[dy.count - 1], x[x.count - 1]])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (features, inputs) = (site.result.shape[0], site.result.shape[1])
        let product = Gemm(m: features, n: inputs, k: site.operand(0).count / inputs, transposeA: true)
        return [
          Choice("gemm", operations: product.operations, scratch: Gemm.scratchBytes, chunks: product.chunkCount) {
            product.run(chunk: $0.chunk, a: $0.input(1), b: $0.input(0), c: $0.output(), scratch: $0.scratch)
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LinearWeightGradient.op, $0) }
