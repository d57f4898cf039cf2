import Language

/// InstanceNormalization (ONNX operator set 6, 22).
enum OnnxInstanceNormalizationRule {
  static let rule = OnnxRule("InstanceNormalization") { node throws(Fault) in
    guard node.isFloat32, let rank = node.input(0)?.rank, rank >= 3 else { return nil }
    return [
      try node.emit("nn.instance_norm", node.inputs, ["epsilon": .float(try node.float("epsilon") ?? 1e-5)])
    ]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = {
  OnnxRules.collect(OnnxInstanceNormalizationRule.rule, $0)
}
