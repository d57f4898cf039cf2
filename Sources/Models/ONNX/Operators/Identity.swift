import Language

/// Identity (ONNX operator set 1, 13 and later) and Dropout (7, 10, 12, 13, 22) of a trained network.
enum OnnxIdentityRule {
  static let identity = OnnxRule("Identity") { node throws(Fault) in node.input(0).map { [$0] } }

  static let dropout = OnnxRule("Dropout") { node throws(Fault) in
    node.ignore("ratio", "seed")
    // A mask is asked for, or it may be training.
    guard node.proto.outputs.count == 1, node.opset >= 7 else { return nil }
    if node.input(2) != nil, try node.number(2) != 0 { return nil }
    return node.input(0).map { [$0] }
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxIdentityRule.identity, $0) }
@used @section("weft_onnx") private let dropoutEntry: OnnxEntry = { OnnxRules.collect(OnnxIdentityRule.dropout, $0) }
