import Language
import Tensors

extension HostCall {
  var opset: Int { attributes.int("opset") }

  /// The tensor on a port that may be unconnected.
  func optional(_ port: String) throws(Fault) -> Tensor? {
    guard let value = value(port), !value.isNone else { return nil }
    return try tensor(port)
  }

  /// The tensors on a variadic port; at least one.
  func tensors(_ port: String) throws(Fault) -> [Tensor] {
    var result: [Tensor] = []
    for value in values(port) {
      guard case .tensor(let tensor) = value else { throw .noTensor(port) }
      result.append(tensor)
    }
    guard !result.isEmpty else { throw .noTensor(port) }
    return result
  }

  func flag(_ name: String) -> Bool { attributes.int(name) != 0 }

  func int(_ name: String) -> Int? { attributes.has(name) ? attributes.int(name) : nil }

  func ints(_ name: String) -> [Int]? { attributes.has(name) ? attributes.ints(name) : nil }

  func number(_ name: String) -> Double? { attributes.has(name) ? attributes.number(name) : nil }

  /// The integers of a tensor on a port: a shape, axes, repeats; nil when the port is unconnected.
  func integers(at port: String) throws(Fault) -> [Int]? {
    guard let tensor = try optional(port) else { return nil }
    return try tensor.integers(port)
  }

  /// The one integer of a tensor on a port.
  func integer(at port: String) throws(Fault) -> Int? {
    guard let values = try integers(at: port) else { return nil }
    guard values.count == 1 else { throw .notOneNumber(port, values.count) }
    return values[0]
  }

  /// The one number of a tensor on a port.
  func scalar(at port: String) throws(Fault) -> Double? {
    guard let tensor = try optional(port) else { return nil }
    guard tensor.count == 1 else { throw .notOneNumber(port, tensor.count) }
    return tensor.doubles()[0]
  }

  /// Axes given as a tensor (newer operator sets) or as an attribute (older ones); nil for neither.
  func axes(port: String = "axes", rank: Int) throws(Fault) -> [Int]? {
    guard let axes = try integers(at: port) ?? ints("axes") else { return nil }
    return try Axes.resolved(axes, rank: rank)
  }

  /// The element type named by an attribute that holds a `TensorProto.DataType`; nil when it is left out.
  func dtype(_ name: String) throws(Fault) -> DType? {
    guard let code = int(name), code != 0 else { return nil }
    guard let dtype = DType(onnx: code) else { throw .elementCode(name, code) }
    return dtype
  }
}

extension DType {
  /// The type that `TensorProto.DataType` numbers so; nil for strings, complex and sub-byte types.
  init?(onnx code: Int) {
    let known: [Int: DType] = [
      1: .f32, 2: .u8, 3: .i8, 4: .u16, 5: .i16, 6: .i32, 7: .i64, 9: .bool, 10: .f16, 11: .f64, 12: .u32, 13: .u64,
      16: .bf16,
    ]
    guard let dtype = known[code] else { return nil }
    self = dtype
  }
}

extension Tensor {
  /// The elements of an integer tensor.
  func integers(_ port: String) throws(Fault) -> [Int] {
    switch dtype.arithmetic {
    case .real: throw .elementType(port, dtype, "integers")
    case .signed: return widened().elements(Int64.self).map { Int($0) }
    case .unsigned: return widened().elements(UInt64.self).map { Int(clamping: $0) }
    }
  }

  /// The elements as Doubles.
  func doubles() -> [Double] { converted(to: .f64).elements(Double.self) }

  /// A tensor of numbers computed in Double, each rounded once to `dtype`.
  static func rounding(_ values: [Double], _ shape: [Int], to dtype: DType) -> Tensor {
    Tensor(shape: shape, values).converted(to: dtype)
  }

  func requireFloat(_ port: String) throws(Fault) -> Tensor {
    guard dtype.isFloat else { throw .elementType(port, dtype, "floats") }
    return self
  }

  func requireRank(_ port: String, _ range: some RangeExpression<Int>, _ wanted: String) throws(Fault) {
    guard range.contains(rank) else { throw .rank(port, shape, wanted) }
  }
}
