import Language
import Tensors
import Testing

@testable import OnnxOps

/// Runs one operator.
enum OnnxRun {
  /// Inputs in ONNX order; those past a variadic port all go to it. What the shape rule says is checked against the results.
  static func run(
    _ name: String, _ inputs: [Tensor?], _ settings: [String: Literal] = [:]
  ) throws(Fault) -> [Tensor?] {
    let op = try Registry.linked.op("onnx.\(name)")
    let (attributes, faults) = op.attributes(settings)
    if let fault = faults.first { throw fault }
    var values: [[Value]] = []
    for (index, port) in op.inputs.enumerated() {
      let given = port.arity == .variadic ? Array(inputs.dropFirst(index)) : Array(inputs.dropFirst(index).prefix(1))
      values.append(given.compactMap { $0.map(Value.tensor) })
    }
    let types = values.map { $0.map { value in type(value) } }
    let inferred = try op.infer(Facts(op: op, attributes: attributes, inputs: types))
    guard case .host(let host) = op.action else { throw .failed("\(op.name) is no host op") }
    let results = try host.run(HostCall(op: op, attributes: attributes, inputs: values, seed: 7))
    return try results.enumerated().map { index, value throws(Fault) in
      guard case .tensor(let tensor) = value else { return nil }
      if index < inferred.count, !fits(tensor, inferred[index].tensor) {
        throw .failed("\(op.name) gives \(tensor.dtype)\(tensor.shape), but \(inferred[index]) was inferred")
      }
      return tensor
    }
  }

  /// The first output of an operator, for tests that know their inputs to be right.
  static func result(_ name: String, _ inputs: [Tensor?], _ settings: [String: Literal] = [:]) throws -> Tensor {
    try #require(try run(name, inputs, settings).first ?? nil)
  }

  private static func type(_ value: Value) -> ValueType {
    guard case .tensor(let tensor) = value else { return .any }
    return .tensor(TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) }))
  }

  private static func fits(_ tensor: Tensor, _ type: TensorType?) -> Bool {
    guard let type else { return true }
    if let dtype = type.dtype, dtype != tensor.dtype { return false }
    guard let shape = type.shape else { return true }
    return shape.count == tensor.rank
      && zip(shape, tensor.shape).allSatisfy { dim, extent in dim.value.map { $0 == extent } ?? true }
  }

  /// Like NumPy's `assert_allclose`, with equal types and shapes; integers must be equal.
  static func difference(_ actual: Tensor, _ wanted: Tensor, rtol: Double, atol: Double) -> String? {
    guard actual.dtype == wanted.dtype, actual.shape == wanted.shape else {
      return "\(actual.dtype)\(actual.shape) instead of \(wanted.dtype)\(wanted.shape)"
    }
    guard wanted.dtype.isFloat else { return actual == wanted ? nil : "the numbers differ" }
    for (index, (a, b)) in zip(actual.doubles(), wanted.doubles()).enumerated() {
      if a == b || a.isNaN && b.isNaN { continue }
      if !(abs(a - b) <= atol + rtol * abs(b)) { return "element \(index) is \(a) instead of \(b)" }
    }
    return nil
  }
}
