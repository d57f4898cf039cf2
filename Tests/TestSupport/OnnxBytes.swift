import Foundation
import Tensors

/// Writes small ONNX files for tests: protocol buffers by hand, field by field (onnx.proto).
public struct OnnxBytes: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func varint(_ field: Int, _ value: Int) {
    put(UInt64(field << 3))
    put(UInt64(bitPattern: Int64(value)))
  }

  public mutating func data(_ field: Int, _ content: [UInt8]) {
    put(UInt64(field << 3 | 2))
    put(UInt64(content.count))
    bytes += content
  }

  public mutating func text(_ field: Int, _ text: String) { data(field, Array(text.utf8)) }

  public mutating func float(_ field: Int, _ value: Float) {
    put(UInt64(field << 3 | 5))
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  public mutating func message(_ field: Int, _ content: OnnxBytes) { data(field, content.bytes) }

  private mutating func put(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(value & 0x7F) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

extension OnnxBytes {
  public enum Attribute: Sendable {
    case int(Int)
    case float(Float)
    case string(String)
    case ints([Int])
    case floats([Float])
    case tensor(Tensor)
    case graph(OnnxBytes)
    /// The value of an attribute of the function's use.
    case reference(String)
  }

  public static func tensor(_ tensor: Tensor, name: String = "") -> OnnxBytes {
    var message = OnnxBytes()
    for extent in tensor.shape { message.varint(1, extent) }
    message.varint(2, number(tensor.dtype))
    message.text(8, name)
    message.data(9, Array(tensor.bytes))
    return message
  }

  public static func number(_ dtype: DType) -> Int {
    switch dtype {
    case .f32: 1
    case .u8: 2
    case .i8: 3
    case .u16: 4
    case .i16: 5
    case .i32: 6
    case .i64: 7
    case .bool: 9
    case .f16: 10
    case .f64: 11
    case .u32: 12
    case .u64: 13
    case .bf16: 16
    }
  }

  /// Extents are numbers or names.
  public static func value(_ name: String, _ dtype: DType = .f32, _ extents: [String]? = nil) -> OnnxBytes {
    var tensor = OnnxBytes()
    tensor.varint(1, number(dtype))
    if let extents {
      var shape = OnnxBytes()
      for extent in extents {
        var dim = OnnxBytes()
        if let number = Int(extent) { dim.varint(1, number) } else { dim.text(2, extent) }
        shape.message(1, dim)
      }
      tensor.message(2, shape)
    }
    var type = OnnxBytes()
    type.message(1, tensor)
    var info = OnnxBytes()
    info.text(1, name)
    info.message(2, type)
    return info
  }

  public static func node(
    _ op: String, _ inputs: [String], _ outputs: [String], _ attributes: [(String, Attribute)] = [],
    name: String = "", domain: String = ""
  ) -> OnnxBytes {
    var node = OnnxBytes()
    for input in inputs { node.text(1, input) }
    for output in outputs { node.text(2, output) }
    if !name.isEmpty { node.text(3, name) }
    node.text(4, op)
    for (name, value) in attributes { node.message(5, attribute(name, value)) }
    if !domain.isEmpty { node.text(7, domain) }
    return node
  }

  private static func attribute(_ name: String, _ value: Attribute) -> OnnxBytes {
    var message = OnnxBytes()
    message.text(1, name)
    switch value {
    case .float(let number):
      message.float(2, number)
      message.varint(20, 1)
    case .int(let number):
      message.varint(3, number)
      message.varint(20, 2)
    case .string(let text):
      message.text(4, text)
      message.varint(20, 3)
    case .tensor(let tensor):
      message.message(5, OnnxBytes.tensor(tensor))
      message.varint(20, 4)
    case .graph(let graph):
      message.message(6, graph)
      message.varint(20, 5)
    case .floats(let numbers):
      for number in numbers { message.float(7, number) }
      message.varint(20, 6)
    case .ints(let numbers):
      for number in numbers { message.varint(8, number) }
      message.varint(20, 7)
    case .reference(let outer): message.text(21, outer)
    }
    return message
  }

  public static func graph(
    _ nodes: [OnnxBytes], inputs: [OnnxBytes] = [], outputs: [OnnxBytes], initializers: [(String, Tensor)] = []
  ) -> OnnxBytes {
    var graph = OnnxBytes()
    for node in nodes { graph.message(1, node) }
    graph.text(2, "test")
    for (name, tensor) in initializers { graph.message(5, OnnxBytes.tensor(tensor, name: name)) }
    for input in inputs { graph.message(11, input) }
    for output in outputs { graph.message(12, output) }
    return graph
  }

  /// A function of the domain "own".
  public static func function(
    _ name: String, _ nodes: [OnnxBytes], inputs: [String], outputs: [String], attributes: [String] = [],
    opset: Int = 17
  ) -> OnnxBytes {
    var function = OnnxBytes()
    function.text(1, name)
    for input in inputs { function.text(4, input) }
    for output in outputs { function.text(5, output) }
    for attribute in attributes { function.text(6, attribute) }
    for node in nodes { function.message(7, node) }
    function.message(9, version("", opset))
    function.text(10, "own")
    return function
  }

  private static func version(_ domain: String, _ version: Int) -> OnnxBytes {
    var message = OnnxBytes()
    if !domain.isEmpty { message.text(1, domain) }
    message.varint(2, version)
    return message
  }

  public static func model(_ graph: OnnxBytes, opset: Int = 17, domains: [String] = [], functions: [OnnxBytes] = [])
    -> [UInt8]
  {
    var model = OnnxBytes()
    model.varint(1, 8)
    model.text(2, "weft tests")
    model.message(7, graph)
    model.message(8, version("", opset))
    for domain in domains { model.message(8, version(domain, 1)) }
    for function in functions { model.message(25, function) }
    return model.bytes
  }
}
