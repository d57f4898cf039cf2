import Kernels
import Language
import Tensors

/// Transposed convolution: the input gradient of a convolution, used forwards to enlarge.
public enum ConvTranspose2D {
  public static let op: Op = Op(
    "nn.conv_transpose2d",
    doc: """
      Transposed 2-D convolution of [N, C, H, W]; output extent (n - 1) * stride - padding + dilation * (kernel - 1) + 1 + \
      output_padding, or n * stride with padding "same". The weight is [C, channels / groups, height, width].
      """,
    inputs: [
      Port("x", "tensor<f32>[N,C,H,W] NCHW", .one, "features"),
      Port("weight", "tensor<f32>[I,O,K,L]", .parameter(.heNormal), "[C, channels / groups, height, width]"),
      Port("bias", "tensor<f32>[B]", .parameter(.constant(0)), "one number per output channel"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("channels", .int(.positive), default: .null, "output channels; needed unless weight is connected"),
      Param(
        "kernel", .ints(1...64, counts: [2]), default: .null, "height and width; needed unless weight is connected"),
      Param("stride", .ints(.positive, counts: [2]), default: .int(1), "factor of enlargement"),
      Param(
        "padding", .any, default: .int(0),
        "border cut off the result: an integer, [height, width], [top, left, bottom, right], \"valid\" (none) or \"same\""
      ),
      Param(
        "output_padding", .ints(.natural, counts: [2]), default: .int(0),
        "rows and columns added at the bottom and right; less than the stride"),
      Window.dilation,
      Param("groups", .int(.positive), default: .int(1), "parts the channels are split into, convolved on their own"),
      Param("bias", .bool, default: .bool(true), "whether the node owns a bias when none is connected"),
    ],
    parameters: { facts throws(Fault) in
      let weight = try weight(facts)
      let bias = ValueType.f32(weight.map { [outputs($0, facts)] })
      return [.f32(weight), facts.attributes.bool("bias") ? bias : .any]
    },
    infer: { facts throws(Fault) in [.f32(try output(facts), Meaning(layout: "NCHW"))] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let dy = a.cotangent
          guard let x = a.operand(0), let weight = a.operand(1) else { return [] }
          let plan = try plan(a.attributes, x: e.region.concrete(x).shape, weight: e.region.concrete(weight).shape)
          var with = ConvolutionRule.settings(plan.adjoint)
          var result: [ValueID?] = [nil, nil]
          if a.needs[0] { result[0] = try e.emit(Conv2D.op, [[dy], [weight]], with)[0] }
          if a.needs[1] {
            with["kernel"] = plan.adjoint.kernel.literal
            result[1] = try e.emit(Conv2DWeightGradient.op, [[dy], [x]], with)[0]
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
          let blocked =
            BlockedTransposedConvolution(plan).map {
              [
                BlockedChoice.transposed(
                  site, $0, outputs: plan.adjoint.channels, bias: hasBias ? 2 : nil,
                  operations: plan.adjoint.operations)
              ]
            } ?? []
          guard hasBias else {
            return [
              Choice(
                "implicit-gemm", operations: plan.adjoint.operations, scratch: plan.scratchBytes,
                chunks: plan.forwardChunks
              ) { call in
                plan.forward(
                  chunk: call.chunk, x: call.input(0), weight: call.input(1), y: call.output(), scratch: call.scratch)
              }
            ] + blocked
          }
          // The bias goes on top of whole groups of channels, so one chunk is one group of one image.
          let groups = plan.adjoint.groups
          let parts = plan.adjoint.batch * groups
          let splits = plan.forwardChunks / parts
          let channels = plan.adjoint.channels / groups
          let area = plan.output.height * plan.output.width
          return [
            Choice(
              "implicit-gemm", operations: plan.adjoint.operations, scratch: plan.scratchBytes, chunks: parts
            ) { call in
              for split in 0..<splits {
                plan.forward(
                  chunk: call.chunk * splits + split, x: call.input(0), weight: call.input(1), y: call.output(),
                  scratch: call.scratch)
              }
              let bias = call.input(2) + call.chunk % groups * channels
              for channel in 0..<channels {
                let plane = call.output() + (call.chunk * channels + channel) * area
                Slab.affine(plane, scale: 1, shift: bias[channel], plane, count: area)
              }
            }
          ] + blocked
        })))

  private static func outputs(_ weight: [Dim], _ facts: Facts) -> Dim {
    weight[1] * Dim(facts.attributes.int("groups"))
  }

  private static func weight(_ facts: Facts) throws(Fault) -> [Dim]? {
    let attributes = facts.attributes
    let groups = attributes.int("groups")
    let input = try Shapes.extents(facts, "x", rank: 4)
    if let channels = input?[1].value, channels % groups != 0 { throw .groups("x", 1, input![1], groups) }
    if let shape = try Shapes.extents(facts, "weight", rank: 4) {
      if let input {
        try Shapes.require(shape[0], equals: input[1], "weight", 0, because: "x has \(input[1]) channels")
      }
      if attributes.has("channels") {
        let channels = Dim(attributes.int("channels")) / groups
        try Shapes.require(shape[1], equals: channels, "weight", 1, because: "param \"channels\"")
      }
      for axis in 0...1 {
        if attributes.has("kernel") {
          let kernel = Dim(attributes.ints("kernel", count: 2)[axis])
          try Shapes.require(shape[axis + 2], equals: kernel, "weight", axis + 2, because: "param \"kernel\"")
        }
        if let extent = shape[axis + 2].value, extent > 64 { throw .kernelTooLarge("weight", axis + 2, extent) }
      }
      return shape
    }
    guard attributes.has("channels"), attributes.has("kernel") else {
      if facts.isConnected("weight") { return nil }
      throw .missingParam(attributes.has("channels") ? "kernel" : "channels", unless: "weight")
    }
    let channels = attributes.int("channels")
    if channels % groups != 0 { throw .channelGroups(channels, groups) }
    guard let input else { return nil }
    let kernel = attributes.ints("kernel", count: 2)
    return [input[1], Dim(channels / groups), Dim(kernel[0]), Dim(kernel[1])]
  }

  private static func output(_ facts: Facts) throws(Fault) -> [Dim]? {
    let window = try Window(facts.attributes)
    let extra = facts.attributes.ints("output_padding", count: 2)
    for axis in 0...1 where extra[axis] > 0 && extra[axis] >= window.stride[axis] {
      throw .outputPadding(extra[axis], window.stride[axis])
    }
    guard let weight = try weight(facts) else { return nil }
    let channels = outputs(weight, facts)
    try Shapes.requireVector(facts, "bias", channels, because: "the convolution makes \(channels) channels")
    guard let x = try Shapes.extents(facts, "x", rank: 4) else { return nil }
    var shape = [x[0], channels]
    for axis in 0...1 {
      let stride = Dim(window.stride[axis])
      if window.padding == .same {
        shape.append(x[axis + 2] * stride)
        continue
      }
      let pads = window.pads(axis, extent: 0, kernel: 0)
      let covered = (weight[axis + 2] - 1) * Dim(window.dilation[axis]) + 1
      let extent = (x[axis + 2] - 1) * stride + covered + Dim(extra[axis] - pads.before - pads.after)
      if let value = extent.value, value < 1 { throw .nothingLeft(axis + 2, value) }
      shape.append(extent)
    }
    return shape
  }

  static func plan(_ attributes: Attributes, x: [Int], weight: [Int]) throws(Fault) -> TransposedConvolution {
    let window = try Window(attributes)
    let input = Extent(x[2], x[3])
    let kernel = Extent(weight[2], weight[3])
    let stride = Extent(window.stride)
    let dilation = Extent(window.dilation)
    var pads = window.pads(input, kernel: kernel)
    var extra = Extent(attributes.ints("output_padding", count: 2))
    if window.padding == .same {
      let output = Extent(input.height * stride.height, input.width * stride.width)
      pads = window.pads(output, kernel: kernel)
      // What is missing when the stride is wider than the kernel.
      extra = Extent(
        max(0, stride.height - dilation.height * (kernel.height - 1) - 1),
        max(0, stride.width - dilation.width * (kernel.width - 1) - 1))
    }
    return TransposedConvolution(
      batch: x[0], channels: x[1], input: input, outputs: weight[1] * attributes.int("groups"), kernel: kernel,
      stride: stride, dilation: dilation, groups: attributes.int("groups"), pads: pads, outputPadding: extra)
  }
}

extension Fault {
  static func nothingLeft(_ dimension: Int, _ extent: Int) -> Fault {
    .shape("the result's dimension \(dimension) would be \(extent): the padding cuts everything off")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ConvTranspose2D.op, $0) }
