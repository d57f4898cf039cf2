import Language

/// Pad (ONNX operator set 1, 2 with attributes; 11, 13, 18, 19 with inputs) by constant counts that are not negative.
enum OnnxPadRule {
  static let rule = OnnxRule("Pad") { node throws(Fault) in
    guard let data = node.input(0), data.isFloat32, let rank = data.rank else { return nil }
    let isOld = node.opset < 11
    guard let pads = try isOld ? node.ints(node.opset < 2 ? "paddings" : "pads") : node.ints(1), node.input(3) == nil,
      pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 })
    else { return nil }
    let modes = ["constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "wrap"]
    guard let mode = modes[try node.string("mode") ?? "constant"] else { return nil }
    var value = try node.float("value") ?? 0
    if !isOld, node.input(2) != nil {
      guard let given = try node.number(2) else { return nil }
      value = given
    }
    if pads.allSatisfy({ $0 == 0 }) { return [data] }
    return [
      try node.emit(
        "tensor.pad", [data],
        [
          "before": .ints(Array(pads[..<rank])), "after": .ints(Array(pads[rank...])), "mode": .string(mode),
          "value": .float(value),
        ])
    ]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxPadRule.rule, $0) }
