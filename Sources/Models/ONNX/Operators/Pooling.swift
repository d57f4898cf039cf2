import Language

/// MaxPool (ONNX operator set 1, 8, 10, 11, 12, 22) and AveragePool (1, 7, 10, 11, 19, 22): 2-D.
enum OnnxPoolingRule {
  static let maximum = OnnxRule("MaxPool") { node throws(Fault) in
    node.ignore("storage_order")
    guard node.proto.outputs.count == 1, let settings = try settings(node) else { return nil }
    return [try node.emit("nn.max_pool", [node.input(0)], settings)]
  }

  static let average = OnnxRule("AveragePool") { node throws(Fault) in
    guard var settings = try settings(node) else { return nil }
    settings["count_include_pad"] = .bool(try node.int("count_include_pad") ?? 0 != 0)
    return [try node.emit("nn.average_pool", [node.input(0)], settings)]
  }

  private static func settings(_ node: OnnxNode) throws(Fault) -> [String: Literal]? {
    guard node.isFloat32, node.input(0)?.rank == 4, let kernel = try node.ints("kernel_shape"), kernel.count == 2,
      kernel.allSatisfy({ $0 > 0 }), var settings = try OnnxWindow.settings(node, rank: 2),
      settings.removeValue(forKey: "dilation") == .ints([1, 1])
    else { return nil }
    settings["kernel"] = .ints(kernel)
    settings["ceil"] = .bool(try node.int("ceil_mode") ?? 0 != 0)
    return settings
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxPoolingRule.maximum, $0) }
@used @section("weft_onnx") private let averageEntry: OnnxEntry = { OnnxRules.collect(OnnxPoolingRule.average, $0) }
