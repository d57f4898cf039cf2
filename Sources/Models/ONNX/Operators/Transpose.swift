import Language

/// Transpose (ONNX operator set 1, 13 and later) of float32.
enum OnnxTransposeRule {
  static let rule = OnnxRule("Transpose") { node throws(Fault) in
    guard let data = node.input(0), data.isFloat32, let rank = data.rank else { return nil }
    let order = try node.ints("perm") ?? Array((0..<rank).reversed())
    if order == Array(0..<rank) { return [data] }
    return [try node.emit("tensor.transpose", [data], ["order": .ints(order)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxTransposeRule.rule, $0) }
