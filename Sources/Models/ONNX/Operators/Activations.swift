import Language

/// Functions of one float32 element without attributes, or with numbers for attributes, under the names that ops have
/// for them (ONNX operator sets 1 to 24).
enum OnnxActivationRule {
  static let plain = OnnxRule(
    "Relu", "Sigmoid", "Tanh", "Softplus", "HardSwish", "Exp", "Log", "Sqrt", "Abs", "Neg", "Ceil", "Floor", "Round",
    "Sign", "Sin", "Cos", "Reciprocal", "Mish"
  ) { node throws(Fault) in
    if let folded = try OnnxShapeArithmetic.rounded(node) { return folded }
    guard node.isFloat32, node.input(0) != nil else { return nil }
    let op: String
    switch node.operatorName {
    case "Relu": op = "nn.relu"
    case "Sigmoid": op = "nn.sigmoid"
    case "Tanh": op = "nn.tanh"
    case "Softplus": op = "nn.softplus"
    case "HardSwish": op = "nn.hard_swish"
    case "Mish":
      // x · tanh(log(1 + e^x)) (Misra 2019)
      let soft = try node.emit("nn.softplus", [node.input(0)])
      return [try node.emit("math.mul", [node.input(0), try node.emit("nn.tanh", [soft])])]
    default: op = "math.\(node.operatorName.lowercased())"
    }
    return [try node.emit(op, [node.input(0)])]
  }

  static let withNumbers = OnnxRule("LeakyRelu", "Elu", "HardSigmoid") { node throws(Fault) in
    guard node.isFloat32, node.input(0) != nil else { return nil }
    switch node.operatorName {
    case "LeakyRelu":
      return [try node.emit("nn.leaky_relu", [node.input(0)], ["slope": .float(try node.float("alpha") ?? 0.01)])]
    case "Elu": return [try node.emit("nn.elu", [node.input(0)], ["alpha": .float(try node.float("alpha") ?? 1)])]
    default:
      return [
        try node.emit(
          "nn.hard_sigmoid", [node.input(0)],
          ["alpha": .float(try node.float("alpha") ?? 0.2), "beta": .float(try node.float("beta") ?? 0.5)])
      ]
    }
  }

  /// Gelu (operator set 20; also of com.microsoft), exact or by a hyperbolic tangent.
  static let gelu = OnnxRule("Gelu", "com.microsoft.Gelu") { node throws(Fault) in
    guard node.isFloat32, node.input(0) != nil else { return nil }
    let approximate = try node.string("approximate") ?? "none"
    return [try node.emit("nn.gelu", [node.input(0)], ["approximate": .string(approximate)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxActivationRule.plain, $0) }
@used @section("weft_onnx") private let numbersEntry: OnnxEntry = {
  OnnxRules.collect(OnnxActivationRule.withNumbers, $0)
}
@used @section("weft_onnx") private let geluEntry: OnnxEntry = { OnnxRules.collect(OnnxActivationRule.gelu, $0) }
