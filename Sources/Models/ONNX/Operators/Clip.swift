import Language

/// Clip (ONNX operator set 1, 6 with attributes; 11, 12, 13 with inputs).
enum OnnxClipRule {
  static let rule = OnnxRule("Clip") { node throws(Fault) in
    guard node.isFloat32, node.input(0) != nil else { return nil }
    var bounds: [Double?] = [try node.float("min"), try node.float("max")]
    for index in 0...1 where node.input(index + 1) != nil {
      guard let bound = try node.number(index + 1) else { return nil }
      bounds[index] = bound
    }
    let low = bounds[0] ?? -.infinity
    let high = bounds[1] ?? .infinity
    // With the bounds crossed, and with NaN, the definition has rules of its own.
    guard low <= high else { return nil }
    if low == 0, high == .infinity { return [try node.emit("nn.relu", [node.input(0)])] }
    return [try node.emit("math.clip", [node.input(0)], ["min": .float(low), "max": .float(high)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxClipRule.rule, $0) }
