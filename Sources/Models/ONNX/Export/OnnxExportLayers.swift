import Language

/// Convolutions, pools and fully connected layers.
enum OnnxExportLayers {
  static let rules: [String: OnnxExporter.Rule] = [
    "nn.conv2d": convolution, "nn.conv_transpose2d": transposed, "nn.max_pool": maxPool,
    "nn.average_pool": averagePool, "nn.global_average_pool": globalPool, "nn.linear": linear,
    "nn.parameter": { use, sheet throws(Fault) in sheet.node("Identity", [use.x], to: use.label) },
  ]

  private static func convolution(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    let kernel = Array(use.operandShapes[1][0][2...])
    let (stride, dilation) = (use.attributes.ints("stride", count: 2), use.attributes.ints("dilation", count: 2))
    var sides = try use.window(kernel: kernel, stride: stride, dilation: dilation).sides
    var x = use.x
    let mode = use.attributes.string("pad_mode")
    if mode != "zero", sides.pads.contains(where: { $0 > 0 }) {
      let pads = [0, 0] + sides.begin + [0, 0] + sides.end
      x = sheet.node(
        "Pad", [x, sheet.ints(pads)], ["mode": .text(mode == "reflect" ? "reflect" : "edge")],
        to: "\(use.label)/padded")
      sides = OnnxUse.Sides(begin: [0, 0], end: [0, 0])
    }
    return sheet.node(
      "Conv", [x, use.operands[1][0]] + (use.operand(2).map { [$0] } ?? []),
      [
        "strides": .ints(stride), "dilations": .ints(dilation), "pads": .ints(sides.pads),
        "group": .int(use.attributes.int("groups")), "kernel_shape": .ints(kernel),
      ], to: use.label)
  }

  private static func transposed(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    let kernel = Array(use.operandShapes[1][0][2...])
    let (stride, dilation) = (use.attributes.ints("stride", count: 2), use.attributes.ints("dilation", count: 2))
    var (sides, extra) = (OnnxUse.Sides(begin: [0, 0], end: [0, 0]), use.attributes.ints("output_padding", count: 2))
    let isSame = use.attributes["padding"] == .string("same")
    if !isSame { sides = try use.window(kernel: kernel, stride: stride, dilation: dilation).sides }
    for axis in 0..<2 {
      let covered = dilation[axis] * (kernel[axis] - 1) + 1
      if isSame {
        extra[axis] = max(0, stride[axis] - covered)
        let total = max(0, (use.shape[axis + 2] - 1) * stride[axis] + covered - use.resultShape[axis + 2])
        (sides.begin[axis], sides.end[axis]) = (total / 2, total - total / 2)
      }
    }
    return sheet.node(
      "ConvTranspose", [use.x, use.operands[1][0]] + (use.operand(2).map { [$0] } ?? []),
      [
        "strides": .ints(stride), "dilations": .ints(dilation), "pads": .ints(sides.pads),
        "output_padding": .ints(extra), "group": .int(use.attributes.int("groups")), "kernel_shape": .ints(kernel),
      ], to: use.label)
  }

  private static func pool(_ use: OnnxUse) throws(Fault) -> (
    kernel: [Int], stride: [Int], sides: OnnxUse.Sides, extra: [Int]
  ) {
    let kernel = use.attributes.ints("kernel", count: 2)
    let stride = use.attributes.has("stride") ? use.attributes.ints("stride", count: 2) : kernel
    let (sides, extra) = try use.window(kernel: kernel, stride: stride, dilation: [1, 1])
    return (kernel, stride, sides, extra)
  }

  private static func maxPool(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    var (kernel, stride, sides, extra) = try pool(use)
    for axis in 0..<2 { sides.end[axis] += extra[axis] }
    return sheet.node(
      "MaxPool", [use.x], ["kernel_shape": .ints(kernel), "strides": .ints(stride), "pads": .ints(sides.pads)],
      to: use.label)
  }

  private static func averagePool(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    var (kernel, stride, sides, extra) = try pool(use)
    let counts = use.attributes.bool("count_include_pad") && sides.pads.contains { $0 > 0 }
    guard !counts || extra == [0, 0] else { throw use.unsupported("that counts its border and rounds up") }
    for axis in 0..<2 { sides.end[axis] += extra[axis] }
    return sheet.node(
      "AveragePool", [use.x],
      [
        "kernel_shape": .ints(kernel), "strides": .ints(stride), "pads": .ints(sides.pads),
        "count_include_pad": .int(counts ? 1 : 0),
      ], to: use.label)
  }

  private static func globalPool(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    sheet.node(
      "ReduceMean", [use.x, sheet.ints(Array(2..<use.shape.count))],
      ["keepdims": .int(use.attributes.bool("keep_dims") ? 1 : 0)], to: use.label)
  }

  private static func linear(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    let bias = use.operand(2)
    if use.shape.count == 2 {
      return sheet.node(
        "Gemm", [use.x, use.operands[1][0]] + (bias.map { [$0] } ?? []), ["transB": .int(1)], to: use.label)
    }
    let turned = sheet.node("Transpose", [use.operands[1][0]], ["perm": .ints([1, 0])], to: "\(use.label)/weight")
    guard let bias else { return sheet.node("MatMul", [use.x, turned], to: use.label) }
    let product = sheet.node("MatMul", [use.x, turned], to: "\(use.label)/product")
    return sheet.node("Add", [product, bias], to: use.label)
  }
}
