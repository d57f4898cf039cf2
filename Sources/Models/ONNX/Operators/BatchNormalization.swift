import Language

/// BatchNormalization (ONNX operator set 7, 9, 14, 15) as a trained network computes it; behind a convolution it becomes
/// part of that.
enum OnnxBatchNormalizationRule {
  static let rule = OnnxRule("BatchNormalization") { node throws(Fault) in
    node.ignore("momentum")
    guard node.isFloat32, let rank = node.input(0)?.rank, rank >= 2,
      node.proto.outputs.dropFirst().allSatisfy(\.isEmpty), try node.int("training_mode") ?? 0 == 0,
      try node.int("spatial") ?? 1 == 1
    else { return nil }
    let epsilon = try node.float("epsilon") ?? 1e-5
    if node.importer.optimises, let folded = try node.input(0)?.convolution?.folded(node, epsilon: epsilon) {
      return [folded]
    }
    return [try node.emit("nn.batch_norm", node.inputs, ["epsilon": .float(epsilon)])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxBatchNormalizationRule.rule, $0) }
