import Language

/// Add, Sub, Mul, Div (ONNX operator set 7, 13, 14), Pow (7, 12, 13, 15), Max, Min and Sum (8, 12, 13) on float32, with
/// the broadcasting of NumPy. Integers that are extents are computed at once.
enum OnnxArithmeticRule {
  static let binary = OnnxRule("Add", "Sub", "Mul", "Div", "Pow") { node throws(Fault) in
    if let folded = try OnnxShapeArithmetic.binary(node) { return folded }
    guard node.isFloat32, node.inputs.count == 2, let a = node.input(0), let b = node.input(1) else { return nil }
    if let scaled = try scaled(node, a, b) { return [scaled] }
    return [try node.emit("math.\(node.operatorName.lowercased())", [a, b])]
  }

  static let many = OnnxRule("Max", "Min", "Sum") { node throws(Fault) in
    if let folded = try OnnxShapeArithmetic.binary(node) { return folded }
    guard node.isFloat32, let first = node.input(0), !node.inputs.contains(where: { $0 == nil }) else { return nil }
    let op = ["Max": "math.max", "Min": "math.min", "Sum": "math.add"][node.operatorName]!
    var result = first
    for next in node.inputs.dropFirst() { result = try node.emit(op, [result, next]) }
    return [result]
  }

  /// A number for all elements is a param, not an operand.
  private static func scaled(_ node: OnnxNode, _ a: OnnxValue, _ b: OnnxValue) throws(Fault) -> OnnxValue? {
    let (first, second) = (try node.number(0), try node.number(1))
    if let number = second, let rank = a.rank, (b.rank ?? 0) <= rank {
      switch node.operatorName {
      case "Add": return try node.emit("math.scale", [a], ["offset": .float(number)])
      case "Sub": return try node.emit("math.scale", [a], ["offset": .float(-number)])
      case "Mul": return try node.emit("math.scale", [a], ["by": .float(number)])
      case "Pow" where number == 2: return try node.emit("math.square", [a])
      case "Pow" where number == 0.5: return try node.emit("math.sqrt", [a])
      default: return nil
      }
    }
    guard let number = first, let rank = b.rank, (a.rank ?? 0) <= rank else { return nil }
    switch node.operatorName {
    case "Add": return try node.emit("math.scale", [b], ["offset": .float(number)])
    case "Sub": return try node.emit("math.scale", [b], ["by": .float(-1), "offset": .float(number)])
    case "Mul": return try node.emit("math.scale", [b], ["by": .float(number)])
    default: return nil
    }
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxArithmeticRule.binary, $0) }
@used @section("weft_onnx") private let manyEntry: OnnxEntry = { OnnxRules.collect(OnnxArithmeticRule.many, $0) }
