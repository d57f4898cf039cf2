import Language

/// The attributes that convolutions and pools share (ONNX Conv, MaxPool, AveragePool).
enum OnnxWindow {
  /// The kernel's extents, where they are known and the attribute says the same.
  static func kernel(_ node: OnnxNode, weight: [Dim]) throws(Fault) -> [Int]? {
    let extents = weight.dropFirst(2).compactMap(\.value)
    guard extents.count == weight.count - 2 else { return nil }
    if let given = try node.ints("kernel_shape"), given != extents { return nil }
    return extents
  }

  /// `stride`, `padding` and `dilation`; nil where ops have no word for it.
  static func settings(_ node: OnnxNode, rank: Int) throws(Fault) -> [String: Literal]? {
    let strides = try node.ints("strides") ?? Array(repeating: 1, count: rank)
    let dilations = try node.ints("dilations") ?? Array(repeating: 1, count: rank)
    guard strides.count == rank, dilations.count == rank, (strides + dilations).allSatisfy({ $0 > 0 }) else {
      return nil
    }
    var settings: [String: Literal] = ["stride": .ints(strides), "dilation": .ints(dilations)]
    let pads = try node.ints("pads")
    switch try node.string("auto_pad") ?? "NOTSET" {
    case "NOTSET":
      // Begins of all axes, then ends: top, left, bottom, right.
      let sides = pads ?? Array(repeating: 0, count: 2 * rank)
      guard sides.count == 2 * rank, sides.allSatisfy({ $0 >= 0 }) else { return nil }
      settings["padding"] = .ints(sides)
    case "VALID": settings["padding"] = .string("valid")
    case "SAME_UPPER": settings["padding"] = .string("same")
    default: return nil
    }
    return settings
  }
}

extension Literal {
  static func ints(_ values: [Int]) -> Literal { .array(values.map { .int($0) }) }
}
