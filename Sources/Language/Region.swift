import Tensors

/// Index of a value in a region.
public typealias ValueID = Int

/// A convex set of numeric nodes in static single assignment form: each value is an input, a constant, or made by
/// exactly one node; nodes stand in an order in which they can run.
public struct Region: Sendable {
  /// A class, because every pass of the compiler hands it on.
  public final class Node: Sendable {
    public let op: Op
    public let attributes: Attributes
    /// Values per input port, in the op's order; empty for an unconnected port.
    public let operands: [[ValueID]]
    public let results: [ValueID]
    /// The node's path in the graph, for errors, traces and probes.
    public let label: String
    /// Of a node that draws random numbers: what tells it from others in the same run. It comes from the structure of
    /// the graph (and the label `stream` of the file), never from names or from what else the region holds. The gradient
    /// of such a node passes it on to what must draw the same numbers.
    public let position: Digest?

    public init(
      op: Op, attributes: Attributes, operands: [[ValueID]], results: [ValueID], label: String, position: Digest? = nil
    ) {
      self.op = op
      self.attributes = attributes
      self.operands = operands
      self.results = results
      self.label = label
      self.position = position
    }
  }

  public private(set) var types: [ValueType] = []
  /// Per value its dtype and extents, where they are known.
  private var concretes: [Concrete?] = []
  public internal(set) var nodes: [Node] = []
  public internal(set) var inputs: [ValueID] = []
  public internal(set) var constants: [ValueID: Tensor] = [:]
  public var outputs: [ValueID] = []

  public init() {}

  /// Dtype and extents of a value of a bound region.
  public func concrete(_ value: ValueID) -> Concrete {
    guard let type = concretes[value] else { preconditionFailure("value \(value) is \(types[value]), not bound") }
    return type
  }

  /// Adds a value.
  mutating func define(_ type: ValueType) -> ValueID {
    types.append(type)
    concretes.append(type.concrete.map { Concrete(dtype: $0.dtype, shape: $0.shape) })
    return types.count - 1
  }

  /// The same region with some nodes replaced by others of the same wiring.
  public func replacing(_ change: (Node) -> Node?) -> Region {
    var result = self
    result.nodes = nodes.map { change($0) ?? $0 }
    return result
  }

  /// What makes two regions the same program: ops, revisions, attributes, wiring and types. Labels do not count.
  public var digest: Digest {
    var hasher = ContentHasher()
    hasher.combine(inputs.count)
    for input in inputs {
      hasher.combine(input)
      hasher.combine(types[input].description)
    }
    hasher.combine(constants.count)
    for (value, tensor) in constants.sorted(by: { $0.key < $1.key }) {
      hasher.combine(value)
      hasher.combine(tensor.digest)
    }
    hasher.combine(nodes.count)
    for node in nodes {
      hasher.combine(node.op.name)
      hasher.combine(node.op.revision)
      node.attributes.combine(into: &hasher)
      hasher.combine(node.operands.count)
      for port in node.operands {
        hasher.combine(port.count)
        for value in port { hasher.combine(value) }
      }
      for value in node.results { hasher.combine(value) }
      if let position = node.position { hasher.combine(position) }
    }
    for value in outputs { hasher.combine(value) }
    return hasher.digest
  }
}

/// Element type and extents of a bound value.
public struct Concrete: Sendable, Hashable {
  public let dtype: DType
  public let shape: [Int]

  public init(dtype: DType, shape: [Int]) {
    self.dtype = dtype
    self.shape = shape
  }

  /// Elements and bytes; `Int.max` where there are more.
  public var count: Int { shape.reduce(1, Concrete.product) }
  public var byteCount: Int { Concrete.product(count, dtype.size) }

  private static func product(_ a: Int, _ b: Int) -> Int {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : value
  }
}
