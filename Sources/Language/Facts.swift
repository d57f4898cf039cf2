import Tensors

/// What is known about one use of an op when its types are inferred: the same rule serves `check`, where extents may be
/// symbols, and the run, where they are numbers.
public struct Facts: Sendable {
  public let op: String
  public let attributes: Attributes
  /// Types per input port, in the op's order; empty for an unconnected one, several for a variadic one. Already
  /// matched against the ports.
  public let inputs: [[ValueType]]
  /// The values of inputs known before the run (file paths and params fed through inputs), same shape as `inputs`.
  public let known: [[Value?]]
  /// Reads headers of files; absent where nothing may be read.
  public let probe: (any FileProbe)?
  /// For ops with a body: what the body makes and what the node says about it.
  public let structure: Structure?
  let ports: [Port]

  public struct Structure: Sendable {
    public var bodyOutputs: [(name: String, type: ValueType)]
    public var wrt: [(name: String, type: ValueType)]
    public var state: [(name: String, type: ValueType)]
    /// Kept outputs: `all`, `last` or `best`.
    public var keep: [(name: String, mode: String)]
    public var loss: String?

    public init(
      bodyOutputs: [(name: String, type: ValueType)] = [], wrt: [(name: String, type: ValueType)] = [],
      state: [(name: String, type: ValueType)] = [], keep: [(name: String, mode: String)] = [], loss: String? = nil
    ) {
      self.bodyOutputs = bodyOutputs
      self.wrt = wrt
      self.state = state
      self.keep = keep
      self.loss = loss
    }
  }

  public init(
    op: Op, attributes: Attributes, inputs: [[ValueType]], known: [[Value?]] = [], probe: (any FileProbe)? = nil,
    structure: Structure? = nil
  ) {
    self.op = op.name
    self.attributes = attributes
    self.inputs = inputs
    self.known = known
    self.probe = probe
    self.structure = structure
    self.ports = op.inputs
  }

  private func index(_ port: String) -> Int {
    guard let index = ports.firstIndex(where: { $0.name == port }) else {
      preconditionFailure("\(op) has no port \(port)")
    }
    return index
  }

  public func isConnected(_ port: String) -> Bool { !inputs[index(port)].isEmpty }
  public func types(_ port: String) -> [ValueType] { inputs[index(port)] }
  public func type(_ port: String) -> ValueType { inputs[index(port)].first ?? .any }

  /// The tensor type on a port that takes tensors; unknown parts where anything may arrive.
  public func tensor(_ port: String) -> TensorType {
    type(port).tensor ?? TensorType(dtype: nil, shape: nil)
  }

  public func image(_ port: String) -> ImageType {
    if case .image(let type) = type(port) { return type }
    return ImageType(format: nil, height: .symbol("?h"), width: .symbol("?w"))
  }

  /// The value on a port when it is known before the run.
  public func value(_ port: String) -> Value? {
    let at = index(port)
    return known.indices.contains(at) ? known[at].first ?? nil : nil
  }
}

/// Reads what a file's header says, never its data.
public protocol FileProbe: Sendable {
  /// The type of a picture file after its orientation is applied; nil when the file does not exist or is not a picture.
  func image(_ path: String) -> ImageType?
  /// Names and types of the tensors in a weight file; nil when it does not exist.
  func weights(_ path: String) throws(Fault) -> [String: TensorType]?
}
