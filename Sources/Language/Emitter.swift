import Tensors

/// Builds a region node by node, inferring types on the way. Gradients and the compiler use it to add nodes to a region
/// that exists.
public struct Emitter: Sendable {
  public private(set) var region: Region
  public let registry: Registry
  /// Put in front of the labels of the nodes that follow, to name what they belong to.
  public var label = ""

  public init(registry: Registry, region: Region = Region()) {
    self.registry = registry
    self.region = region
  }

  public mutating func input(_ type: ValueType) -> ValueID {
    let value = define(type)
    region.inputs.append(value)
    return value
  }

  public mutating func constant(_ tensor: Tensor) -> ValueID {
    let value = define(.tensor(TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) })))
    region.constants[value] = tensor
    return value
  }

  public mutating func setOutputs(_ values: [ValueID]) { region.outputs = values }

  /// Adds a use of `op`. `operands` are per port. Params left out take their defaults.
  public mutating func emit(
    _ op: Op, _ operands: [[ValueID]], _ attributes: [String: Literal] = [:], label: String? = nil
  ) throws(Fault) -> [ValueID] {
    let (filled, faults) = op.attributes(attributes)
    if let fault = faults.first { throw fault }
    return try emit(op, operands, filled, label: label)
  }

  public mutating func emit(
    _ op: Op, _ operands: [[ValueID]], _ attributes: Attributes, label: String? = nil, position: Digest? = nil
  ) throws(Fault) -> [ValueID] {
    let missing = op.inputs.count - operands.count
    let padded = missing > 0 ? operands + Array(repeating: [], count: missing) : operands
    let types = padded.map { $0.map { region.types[$0] } }
    let facts = Facts(op: op, attributes: attributes, inputs: types)
    let results = try op.infer(facts).map { define($0) }
    region.nodes.append(
      Region.Node(
        op: op, attributes: attributes, operands: padded, results: results, label: label ?? self.label,
        position: position))
    return results
  }

  /// Adds a use of the registered op `name`, each operand on a port of its own, and returns its first result.
  public mutating func emit(
    _ name: String, _ operands: ValueID..., attributes: [String: Literal] = [:]
  ) throws(Fault) -> ValueID {
    try emit(try registry.op(name), operands.map { [$0] }, attributes)[0]
  }

  private mutating func define(_ type: ValueType) -> ValueID { region.define(type) }
}
