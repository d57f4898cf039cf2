import Language

/// GlobalAveragePool and GlobalMaxPool (ONNX operator set 1, 22).
enum OnnxGlobalPoolingRule {
  static let average = OnnxRule("GlobalAveragePool") { node throws(Fault) in
    try pooled(node, "nn.global_average_pool")
  }
  static let maximum = OnnxRule("GlobalMaxPool") { node throws(Fault) in try pooled(node, "nn.global_max_pool") }

  private static func pooled(_ node: OnnxNode, _ op: String) throws(Fault) -> [OnnxValue]? {
    guard node.isFloat32, let rank = node.input(0)?.rank, rank >= 3 else { return nil }
    return [try node.emit(op, [node.input(0)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxGlobalPoolingRule.average, $0) }
@used @section("weft_onnx") private let maximumEntry: OnnxEntry = {
  OnnxRules.collect(OnnxGlobalPoolingRule.maximum, $0)
}
