import Kernels
import Language
import Tensors

/// 2-D convolution (cross-correlation, as every network library has it): y[n,o,i,j] = bias[o] + the sum over c, u, v of
/// weight[o,c,u,v] * x[n, c, i * stride + u * dilation - pad, j * stride + v * dilation - pad].
public enum Conv2D {
  public static let op: Op = Op(
    "nn.conv2d",
    doc: """
      2-D convolution of [N, C, H, W]. It owns its weight [channels, C / groups, height, width] (OIHW) and bias, or takes \
      them as inputs; a connected weight decides channels and kernel. A kernel is at most 64 × 64.
      """,
    inputs: [
      Port("x", "tensor<f32>[N,C,H,W] NCHW", .one, "pictures or features"),
      Port("weight", "tensor<f32>[O,I,K,L]", .parameter(.heNormal), "OIHW"),
      Port("bias", "tensor<f32>[O]", .parameter(.constant(0)), "one number per output channel"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("channels", .int(.positive), default: .null, "output channels; needed unless weight is connected"),
      Param(
        "kernel", .ints(1...64, counts: [2]), default: .null, "height and width; needed unless weight is connected"),
      Param("stride", .ints(.positive, counts: [2]), default: .int(1), "distance between places of the kernel"),
      Window.padding,
      Param(
        "pad_mode", .choice(["zero", "reflect", "replicate"]), default: .string("zero"),
        "what the border holds: zeros, the picture mirrored (edge not repeated), or the edge repeated"),
      Window.dilation,
      Param("groups", .int(.positive), default: .int(1), "parts the channels are split into, convolved on their own"),
      Param("bias", .bool, default: .bool(true), "whether the node owns a bias when none is connected"),
      ConvolutionRule.exact,
    ],
    parameters: { facts throws(Fault) in
      let weight = try ConvolutionRule.weight(facts)
      let bias = ValueType.f32(weight.map { [$0[0]] })
      return [.f32(weight), facts.attributes.bool("bias") ? bias : .any]
    },
    infer: { facts throws(Fault) in [.f32(try ConvolutionRule.output(facts), Meaning(layout: "NCHW"))] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let dy = a.cotangent
          guard let x = a.operand(0), let weight = a.operand(1) else { return [] }
          let plan = try plan(
            a.attributes, x: e.region.concrete(x).shape, weight: e.region.concrete(weight).shape)
          let settings = ConvolutionRule.settings(plan)
          var result: [ValueID?] = [nil, nil]
          if a.needs[0] {
            var with = settings
            with["size"] = plan.input.literal
            with["exact"] = a.attributes["exact"]
            result[0] = try e.emit(Conv2DInputGradient.op, [[dy], [weight]], with)[0]
          }
          if a.needs[1] {
            var with = settings
            with["kernel"] = plan.kernel.literal
            result[1] = try e.emit(Conv2DWeightGradient.op, [[x], [dy]], with)[0]
          }
          if a.needs.count > 2 {
            result.append(a.needs[2] ? try e.emit(ChannelSum.op, [[dy]], ["axis": .int(1)])[0] : nil)
          }
          return result
        },
        batch: .first,
        select: { site throws(Fault) in
          let plan = try plan(site.attributes, x: site.operand(0).shape, weight: site.operand(1).shape)
          let hasBias = site.isConnected(2)
          return [
            Choice(
              plan.isDepthwise ? "depthwise" : "implicit-gemm", operations: plan.operations, scratch: plan.scratchBytes,
              chunks: plan.forwardChunks
            ) { call in
              plan.forward(
                chunk: call.chunk, x: call.input(0), weight: call.input(1), bias: hasBias ? call.input(2) : nil,
                y: call.output(), scratch: call.scratch)
            }
          ]
            + (ConvolutionRule.allowed(BlockedConvolution(plan), site).map {
              [
                BlockedChoice.convolution(
                  site, $0, own: hasBias ? 3 : 2, source: 0, weight: 1, bias: hasBias ? 2 : nil,
                  operations: plan.operations)
              ]
            } ?? [])
        })))

  static func plan(_ attributes: Attributes, x: [Int], weight: [Int]) throws(Fault) -> Convolution {
    let window = try Window(attributes)
    let input = Extent(x[2], x[3])
    let kernel = Extent(weight[2], weight[3])
    return Convolution(
      batch: x[0], channels: x[1], input: input, outputs: weight[0], kernel: kernel, stride: Extent(window.stride),
      dilation: Extent(window.dilation), groups: attributes.int("groups"), pads: window.pads(input, kernel: kernel),
      padMode: ConvolutionRule.mode(attributes))
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Conv2D.op, $0) }
