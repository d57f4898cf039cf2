import Language
import Tensors

extension HostCall {
  /// The path on a port of type `file` or `folder`.
  func path(_ port: String) throws(Fault) -> String {
    switch value(port) {
    case .file(let path)?, .string(let path)?: return path
    default: throw .wrongValue(port, "file", value(port))
    }
  }

  func weights(_ port: String) throws(Fault) -> WeightSet {
    guard case .weights(let set)? = value(port) else { throw .wrongValue(port, "weights", value(port)) }
    return set
  }

  func table(_ port: String) throws(Fault) -> Table {
    guard case .table(let table)? = value(port) else { throw .wrongValue(port, "table", value(port)) }
    return table
  }

  /// A number, an integer, or a tensor of one element.
  func number(_ port: String) throws(Fault) -> Double {
    guard let number = value(port)?.scalar else { throw .wrongValue(port, "number", value(port)) }
    return number
  }

  /// A list of pictures.
  func images(_ port: String) throws(Fault) -> [Image] {
    var images: [Image] = []
    for item in try list(port) {
      guard case .image(let image) = item else { throw .wrongValue(port, "list of images", item) }
      images.append(image)
    }
    return images
  }

  /// A list of strings; empty when the port is unconnected.
  func strings(_ port: String) throws(Fault) -> [String] {
    guard let value = value(port), !value.isNone else { return [] }
    guard case .list(let items) = value else { throw .wrongValue(port, "list of strings", value) }
    var texts: [String] = []
    for item in items {
      guard case .string(let text) = item else { throw .wrongValue(port, "list of strings", item) }
      texts.append(text)
    }
    return texts
  }
}

extension Value {
  /// The number that the value is: a number, an integer, a boolean as 0 or 1, or the element of a tensor that has one.
  var scalar: Double? {
    switch self {
    case .int(let value): return Double(value)
    case .number(let value): return value
    case .bool(let value): return value ? 1 : 0
    case .tensor(let tensor) where tensor.count == 1: return tensor.numbers[0]
    default: return nil
    }
  }
}

extension Tensor {
  /// The elements as Doubles, row-major (64-bit integers keep 53 bits).
  var numbers: [Double] {
    switch dtype {
    case .f16: elements(Float16.self).map(Double.init)
    case .bf16: withRaw(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .f32: elements(Float.self).map(Double.init)
    case .f64: elements(Double.self)
    case .i8: elements(Int8.self).map(Double.init)
    case .i16: elements(Int16.self).map(Double.init)
    case .i32: elements(Int32.self).map(Double.init)
    case .i64: elements(Int64.self).map(Double.init)
    case .u8: elements(UInt8.self).map(Double.init)
    case .u16: elements(UInt16.self).map(Double.init)
    case .u32: elements(UInt32.self).map(Double.init)
    case .u64: elements(UInt64.self).map(Double.init)
    case .bool: withRaw(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  private func withRaw<T: BitwiseCopyable>(_ type: T.Type, _ read: (T) -> Double) -> [Double] {
    let start = UnsafeRawPointer(buffer.bytes + offset).assumingMemoryBound(to: T.self)
    return UnsafeBufferPointer(start: start, count: count).map(read)
  }
}
