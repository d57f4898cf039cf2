import Language

/// Softmax and LogSoftmax (ONNX operator set 1, 11, 13). Before 13 the axis parts the tensor into a matrix, which is
/// the same along the last axis only.
enum OnnxSoftmaxRule {
  static let rule = OnnxRule("Softmax", "LogSoftmax") { node throws(Fault) in
    guard node.isFloat32, let data = node.input(0), let rank = data.rank,
      let axis = OnnxAxes.resolve(try node.int("axis") ?? (node.opset < 13 ? 1 : -1), rank),
      node.opset >= 13 || axis == rank - 1
    else { return nil }
    let op = node.operatorName == "Softmax" ? "nn.softmax" : "nn.log_softmax"
    return [try node.emit(op, [data], ["axis": .int(axis)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxSoftmaxRule.rule, $0) }
