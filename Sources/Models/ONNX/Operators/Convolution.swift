import Language

/// Conv (ONNX operator set 1, 11, 22): 2-D, zero padding.
enum OnnxConvolutionRule {
  static let rule = OnnxRule("Conv") { node throws(Fault) in
    guard let settings = try settings(node) else { return nil }
    return [try OnnxConvolution(node: node, settings: settings).result()]
  }

  /// The params of `nn.conv2d`; nil where it does not cover the use.
  static func settings(_ node: OnnxNode) throws(Fault) -> [String: Literal]? {
    guard node.isFloat32, node.input(0)?.rank == 4, let weight = node.input(1)?.type.shape, weight.count == 4,
      let kernel = try OnnxWindow.kernel(node, weight: weight), kernel.allSatisfy({ (1...64).contains($0) }),
      var settings = try OnnxWindow.settings(node, rank: 2)
    else { return nil }
    settings["groups"] = .int(try node.int("group") ?? 1)
    return settings
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxConvolutionRule.rule, $0) }
