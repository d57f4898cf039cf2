import Kernels
import Language
import Tensors

/// Shape rules of convolution and what its gradients pass on.
enum ConvolutionRule {
  static func mode(_ attributes: Attributes) -> PadMode {
    switch attributes.string("pad_mode") {
    case "reflect": .reflect
    case "replicate": .replicate
    default: .zero
    }
  }

  /// The weight's extents [channels, C / groups, height, width]: of the connected weight, or of what the node owns.
  static func weight(_ facts: Facts) throws(Fault) -> [Dim]? {
    let groups = facts.attributes.int("groups")
    let input = try Shapes.extents(facts, "x", rank: 4)
    if let channels = input?[1].value, channels % groups != 0 { throw .groups("x", 1, input![1], groups) }
    if let shape = try Shapes.extents(facts, "weight", rank: 4) {
      if let input {
        try Shapes.require(
          shape[1], equals: input[1] / groups, "weight", 1,
          because: "x has \(input[1]) channels\(groups == 1 ? "" : " in \(groups) groups")")
      }
      if let outputs = shape[0].value, outputs % groups != 0 { throw .groups("weight", 0, shape[0], groups) }
      try agree(facts, shape)
      return shape
    }
    let attributes = facts.attributes
    guard attributes.has("channels"), attributes.has("kernel") else {
      if facts.isConnected("weight") { return nil }
      throw .missingParam(attributes.has("channels") ? "kernel" : "channels", unless: "weight")
    }
    let channels = attributes.int("channels")
    if channels % groups != 0 { throw .channelGroups(channels, groups) }
    guard let input else { return nil }
    let kernel = attributes.ints("kernel", count: 2)
    return [Dim(channels), input[1] / groups, Dim(kernel[0]), Dim(kernel[1])]
  }

  /// A connected weight must be what the params say, where they say anything.
  private static func agree(_ facts: Facts, _ weight: [Dim]) throws(Fault) {
    if facts.attributes.has("channels") {
      let channels = facts.attributes.int("channels")
      try Shapes.require(weight[0], equals: Dim(channels), "weight", 0, because: "param \"channels\"")
    }
    for axis in 0...1 {
      if facts.attributes.has("kernel") {
        let kernel = facts.attributes.ints("kernel", count: 2)[axis]
        try Shapes.require(weight[axis + 2], equals: Dim(kernel), "weight", axis + 2, because: "param \"kernel\"")
      }
      if let extent = weight[axis + 2].value, extent > 64 { throw .kernelTooLarge("weight", axis + 2, extent) }
    }
  }

  static func output(_ facts: Facts) throws(Fault) -> [Dim]? {
    let window = try Window(facts.attributes)
    guard let weight = try weight(facts) else { return nil }
    try Shapes.requireVector(facts, "bias", weight[0], because: "the convolution makes \(weight[0]) channels")
    guard let x = try Shapes.extents(facts, "x", rank: 4) else { return nil }
    for axis in 0...1 { try checkBorder(facts, window, axis, x[axis + 2], weight[axis + 2]) }
    return [
      x[0], weight[0], try window.places(0, extent: x[2], kernel: weight[2]),
      try window.places(1, extent: x[3], kernel: weight[3]),
    ]
  }

  /// A mirrored border needs that many elements beside the edge.
  private static func checkBorder(
    _ facts: Facts, _ window: Window, _ axis: Int, _ extent: Dim, _ kernel: Dim
  ) throws(Fault) {
    let mode = facts.attributes.string("pad_mode")
    guard mode == "reflect", let n = extent.value, let k = kernel.value else { return }
    let pads = window.pads(axis, extent: n, kernel: k)
    if max(pads.before, pads.after) >= n { throw .borderTooLarge(mode, axis + 2, n, pads) }
  }

  /// The params of the gradient ops, with the border worked out.
  static func settings(_ plan: Convolution) -> [String: Literal] {
    [
      "stride": plan.stride.literal, "dilation": plan.dilation.literal, "groups": .int(plan.groups),
      "padding": plan.pads.literal, "pad_mode": .string("\(plan.padMode)"),
    ]
  }

  static let exact = Param(
    "exact", .bool, default: .bool(false),
    "sums as they are defined, here and in the gradient, never by transforms (Winograd): slower, with less rounding")

  /// The plan, unless it rounds more than the node allows.
  static func allowed(_ plan: BlockedConvolution?, _ site: Site) -> BlockedConvolution? {
    plan?.algorithm.tile != nil && site.attributes.bool("exact") ? nil : plan
  }

  static let gradientParams: [Param] = [
    Param("stride", .ints(.positive, counts: [2]), "as of the convolution"),
    Param("dilation", .ints(.positive, counts: [2]), "as of the convolution"),
    Param("groups", .int(.positive), "as of the convolution"),
    Param("padding", .any, "as of the convolution"),
    Param("pad_mode", .choice(["zero", "reflect", "replicate"]), "as of the convolution"),
  ]
}

extension Convolution {
  /// Floating-point operations of any direction.
  var operations: Double {
    2 * Double(batch * outputs * output.height * output.width)
      * Double(channels / groups * kernel.height * kernel.width)
  }

  var isDepthwise: Bool { channels == groups && outputs == groups }
}

extension Fault {
  static func kernelTooLarge(_ port: String, _ dimension: Int, _ extent: Int) -> Fault {
    .shape("\(port): dimension \(dimension) is \(extent), but a kernel is at most 64 wide")
  }

  static func channelGroups(_ channels: Int, _ groups: Int) -> Fault {
    .params("param \"channels\" is \(channels), which \(groups) groups do not divide")
  }
}
