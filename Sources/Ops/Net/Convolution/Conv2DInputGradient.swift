import Kernels
import Language
import Tensors

/// The gradient of a convolution by its input: what flows back to [N, C, H, W] of a given size.
enum Conv2DInputGradient {
  static let op: Op = Op(
    "nn.conv2d_input_gradient", doc: "Gradient of nn.conv2d by x, from that of y and the weight.",
    inputs: [Port("dy", "tensor<f32>[N,O,P,Q]"), Port("weight", "tensor<f32>[O,I,K,L]")],
    outputs: [Port("dx", "tensor<f32>")],
    params: ConvolutionRule.gradientParams + [
      Param("size", .ints(.positive, counts: [2]), "height and width of x"), ConvolutionRule.exact,
    ],
    isInternal: true,
    infer: { facts throws(Fault) in
      guard let dy = facts.tensor("dy").shape, let weight = facts.tensor("weight").shape else { return [.f32(nil)] }
      let size = facts.attributes.ints("size", count: 2)
      return [.f32([dy[0], weight[1] * Dim(facts.attributes.int("groups")), Dim(size[0]), Dim(size[1])])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = try Conv2D.plan(site.attributes, x: site.result.shape, weight: site.operand(1).shape)
        return [
          Choice(
            "implicit-gemm", operations: plan.operations, scratch: plan.scratchBytes, chunks: plan.inputGradientChunks
          ) { call in
            plan.inputGradient(
              chunk: call.chunk, dy: call.input(0), weight: call.input(1), dx: call.output(), scratch: call.scratch)
          }
        ]
          + (ConvolutionRule.allowed(BlockedConvolution(inputGradientOf: plan), site).map {
            [
              BlockedChoice.convolution(
                site, $0, own: 2, source: 0, weight: 1, bias: nil, operations: plan.operations)
            ]
          } ?? [])
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Conv2DInputGradient.op, $0) }
