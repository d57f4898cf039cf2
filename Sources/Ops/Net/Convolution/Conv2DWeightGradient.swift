import Kernels
import Language
import Tensors

/// The gradient of a convolution by its weight, summed over images in order.
enum Conv2DWeightGradient {
  static let op: Op = Op(
    "nn.conv2d_weight_gradient", doc: "Gradient of nn.conv2d by its weight, from x and the gradient of y.",
    inputs: [Port("x", "tensor<f32>[N,C,H,W]"), Port("dy", "tensor<f32>[N,O,P,Q]")],
    outputs: [Port("dw", "tensor<f32>")],
    params: ConvolutionRule.gradientParams + [
      Param("kernel", .ints(.positive, counts: [2]), "height and width of the weight")
    ],
    isInternal: true,
    infer: { facts throws(Fault) in
      guard let x = facts.tensor("x").shape, let dy = facts.tensor("dy").shape else { return [.f32(nil)] }
      let kernel = facts.attributes.ints("kernel", count: 2)
      return [.f32([dy[1], x[1] / facts.attributes.int("groups"), Dim(kernel[0]), Dim(kernel[1])])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = try Conv2D.plan(site.attributes, x: site.operand(0).shape, weight: site.result.shape)
        return [
          Choice(
            "implicit-gemm", operations: plan.operations, scratch: plan.scratchBytes, chunks: plan.weightGradientChunks
          ) { call in
            plan.weightGradient(
              chunk: call.chunk, x: call.input(0), dy: call.input(1), dw: call.output(), scratch: call.scratch)
          }
        ]
          + (BlockedWeightGradient(plan).map { blocked in
            [
              Choice(
                blocked.isWinograd ? "winograd-4x4" : "direct", operandLayouts: [.blocked, .blocked],
                resultLayouts: [.rowMajor], operations: plan.operations, scratch: blocked.scratchBytes,
                chunks: blocked.chunks, prevails: true, seconds: blocked.seconds
              ) { call in
                blocked.run(
                  chunk: call.chunk, x: call.input(0), dy: call.input(1), dw: call.output(), scratch: call.scratch)
              }
            ]
          } ?? [])
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Conv2DWeightGradient.op, $0) }
