import Language
import Tensors

/// Constant (ONNX operator set 1, 9, 11, 12, 13 and later) and ConstantOfShape (9, 20 and later).
enum OnnxConstantRule {
  static let constant = OnnxRule("Constant") { node throws(Fault) in
    if let proto = try node.tensor("value") { return [try node.importer.initializer(proto, isNamed: false)] }
    if let value = try node.float("value_float") { return [tensor(node, [Float(value)], [])] }
    if let value = try node.int("value_int") { return [tensor(node, [Int64(value)], [])] }
    if let values = try node.floats("value_floats") { return [tensor(node, values.map { Float($0) }, [values.count])] }
    if let values = try node.ints("value_ints") { return [tensor(node, values.map { Int64($0) }, [values.count])] }
    throw .onnx(node.scope.file, node.proto, "holds neither a tensor nor numbers")
  }

  static let ofShape = OnnxRule("ConstantOfShape") { node throws(Fault) in
    var value = Tensor.scalar(0)
    if let proto = try node.tensor("value") { value = try node.importer.file.tensor(proto) }
    guard value.count == 1 else { throw .onnx(node.scope.file, node.proto, "has a value of \(value.count) elements") }
    value = value.reshaped([])
    guard let shape = try node.input(0)?.contents()?.values else {
      guard let shape = node.input(0) else { return nil }
      return [try node.emit("onnx.Expand", [node.constant(value), shape])]
    }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw .onnx(node.scope.file, node.proto, "is asked for the shape \(shape)")
    }
    if OnnxContents.fits(shape) {
      let count = shape.reduce(1, *)
      let buffer = Buffer(byteCount: count * value.dtype.size)
      for index in 0..<count {
        (buffer.bytes + index * value.dtype.size).copyMemory(
          from: value.bytes.baseAddress!, byteCount: value.dtype.size)
      }
      return [node.constant(Tensor(dtype: value.dtype, shape: shape, buffer: buffer))]
    }
    if value.dtype == .f32 {
      let number = Double(value.elements(Float.self)[0])
      return [try node.emit("math.constant", [], ["value": .float(number), "shape": .ints(shape)])]
    }
    return [try node.emit("onnx.Expand", [node.constant(value), node.input(0)])]
  }

  private static func tensor<T: Element>(_ node: OnnxNode, _ values: [T], _ shape: [Int]) -> OnnxValue {
    node.constant(Tensor(shape: shape, values))
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxConstantRule.constant, $0) }
@used @section("weft_onnx") private let ofShapeEntry: OnnxEntry = { OnnxRules.collect(OnnxConstantRule.ofShape, $0) }
