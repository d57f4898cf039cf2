import Language

/// FusedConv of com.microsoft (ONNX Runtime's contrib operators): a convolution, plus a fourth input, through an
/// activation.
enum OnnxFusedConvRule {
  static let rule = OnnxRule("com.microsoft.FusedConv") { node throws(Fault) in
    guard let settings = try OnnxConvolutionRule.settings(node) else { return nil }
    var result = try OnnxConvolution(node: node, settings: settings).result()
    if let added = node.input(3) { result = try node.emit("math.add", [result, added]) }
    let numbers = try node.floats("activation_params") ?? []
    switch try node.string("activation") ?? "" {
    case "": return [result]
    case "Relu": return [try node.emit("nn.relu", [result])]
    case "Sigmoid": return [try node.emit("nn.sigmoid", [result])]
    case "Tanh": return [try node.emit("nn.tanh", [result])]
    case "LeakyRelu":
      return [try node.emit("nn.leaky_relu", [result], ["slope": .float(numbers.first ?? 0.01)])]
    case "Clip":
      guard numbers.count == 2 else { return nil }
      return [try node.emit("math.clip", [result], ["min": .float(numbers[0]), "max": .float(numbers[1])])]
    case "HardSigmoid":
      guard numbers.count == 2 else { return nil }
      return [
        try node.emit("nn.hard_sigmoid", [result], ["alpha": .float(numbers[0]), "beta": .float(numbers[1])])
      ]
    default: return nil
    }
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxFusedConvRule.rule, $0) }
