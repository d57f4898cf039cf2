import Kernels
import Language
import Tensors

/// The gradient of a fully connected layer by its input: dy · weight.
enum LinearInputGradient {
  static let op: Op = Op(
    "nn.linear_input_gradient", doc: "Gradient of nn.linear by x, from that of y and the weight.",
    inputs: [Port("dy", "tensor<f32>"), Port("weight", "tensor<f32>[O,I]")], outputs: [Port("dx", "tensor<f32>")],
    isInternal: true,
    infer: { facts throws(Fault) in
      guard let dy = facts.tensor("dy").shape, let weight = facts.tensor("weight").shape else { return [.f32(nil)] }
      return [.f32(dy.dropLast() + [weight[1]])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (inputs, features) = (site.operand(1).shape[1], site.operand(1).shape[0])
        let product = Gemm(m: site.operand(0).count / features, n: inputs, k: features)
        return [
          Choice("gemm", operations: product.operations, scratch: Gemm.scratchBytes, chunks: product.chunkCount) {
            product.run(chunk: $0.chunk, a: $0.input(0), b: $0.input(1), c: $0.output(), scratch: $0.scratch)
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LinearInputGradient.op, $0) }
