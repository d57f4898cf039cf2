import Language

/// PRelu (ONNX operator set 7, 9, 16) with one slope per channel, or one for all.
enum OnnxPReluRule {
  static let rule = OnnxRule("PRelu") { node throws(Fault) in
    guard node.isFloat32, let x = node.input(0)?.type.shape, x.count >= 2, let slope = node.input(1),
      let shape = slope.type.concrete?.shape, shape.count <= x.count
    else { return nil }
    let count = shape.reduce(1, *)
    let padded = Array(repeating: 1, count: x.count - shape.count) + shape
    guard count == 1 || (padded[1] == count && x[1].value == count) else { return nil }
    let flat = shape == [count] ? slope : try node.emit("tensor.reshape", [slope], ["shape": .ints([count])])
    return [try node.emit("nn.prelu", [node.input(0), flat])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxPReluRule.rule, $0) }
