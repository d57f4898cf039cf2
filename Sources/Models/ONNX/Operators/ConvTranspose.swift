import Language

/// ConvTranspose (ONNX operator set 1, 11, 22): 2-D.
enum OnnxConvTransposeRule {
  static let rule = OnnxRule("ConvTranspose") { node throws(Fault) in
    guard node.isFloat32, node.input(0)?.rank == 4, let weight = node.input(1)?.type.shape, weight.count == 4,
      let kernel = try OnnxWindow.kernel(node, weight: weight), kernel.allSatisfy({ (1...64).contains($0) }),
      try node.string("auto_pad") ?? "NOTSET" == "NOTSET", try node.ints("output_shape") == nil,
      var settings = try OnnxWindow.settings(node, rank: 2)
    else { return nil }
    settings["groups"] = .int(try node.int("group") ?? 1)
    settings["bias"] = .bool(false)
    if let more = try node.ints("output_padding") { settings["output_padding"] = .ints(more) }
    return [try node.emit("nn.conv_transpose2d", [node.input(0), node.input(1), node.input(2)], settings)]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxConvTransposeRule.rule, $0) }
