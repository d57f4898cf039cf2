/// One declaration from which checking, schema, documentation, drawing and running are all derived. A class, because every
/// node of every graph points to its op, and a copy of all this would cost each of them more than what it says itself.
public final class Op: Sendable {
  public typealias Inference = @Sendable (Facts) throws(Fault) -> [ValueType]

  /// `family.verb`, as a graph file writes it.
  public let name: String
  /// Part of every cache key: raise it when the op's results change.
  public let revision: Int
  public let doc: String
  public let inputs: [Port]
  public let outputs: [Port]
  /// Of `outputs`.
  public let outputNames: [String]
  public let params: [Param]
  /// Result types, in the order of `outputs` (or of `dynamicOutputs`). Inputs have been matched against the ports.
  public let infer: Inference
  /// The types of the parameter ports, in port order, from the other inputs: what the node owns when they are not
  /// connected.
  public let parameters: Inference?
  /// Ports that depend on the use (`wrt`, `keep`, body outputs), for ops whose `outputs` is empty.
  public let dynamicOutputs: (@Sendable (Facts) throws(Fault) -> [Port])?
  /// Node keys beside `op in with each …` that the op understands: `body`, `then`, `else`, `wrt`, `loss`, `state`, `until`…
  public let structure: Set<String>
  /// Draws random numbers: its key holds the seed path.
  public let isRandom: Bool
  /// Emitted by gradients and the compiler only; not offered to authors.
  public let isInternal: Bool
  /// Parameter ports that running the op moves, by the result that holds the new value: running statistics. A training
  /// carries them from step to step.
  public let updates: [String: String]
  public let action: Action
  /// For ops of one list that only put its elements elsewhere: the result for a list whose elements are known before
  /// the run, nil where `run` has to see them.
  public let rearrange: (@Sendable (Nested) -> Nested?)?

  public init(
    _ name: String, revision: Int = 1, doc: String, inputs: [Port], outputs: [Port], params: [Param] = [],
    structure: Set<String> = [], isRandom: Bool = false, isInternal: Bool = false, parameters: Inference? = nil,
    dynamicOutputs: (@Sendable (Facts) throws(Fault) -> [Port])? = nil, updates: [String: String] = [:],
    infer: @escaping Inference, action: Action, rearrange: (@Sendable (Nested) -> Nested?)? = nil
  ) {
    self.name = name
    self.revision = revision
    self.doc = doc
    self.inputs = inputs
    self.outputs = outputs
    outputNames = outputs.map(\.name)
    self.params = params
    self.structure = structure
    self.isRandom = isRandom
    self.isInternal = isInternal
    self.parameters = parameters
    self.dynamicOutputs = dynamicOutputs
    self.infer = infer
    self.updates = updates
    self.action = action
    self.rearrange = rearrange
  }

  /// Changes something outside the graph; see `Host.isEffect`.
  public var isEffect: Bool { if case .host(let host) = action { host.isEffect } else { false } }

  /// Fills in defaults and checks every param; all faults at once.
  public func attributes(_ given: [String: Literal]) -> (Attributes, [Fault]) {
    var result: [String: Literal] = [:]
    var faults: [Fault] = []
    for param in params {
      guard let value = given[param.name] ?? param.fallback else {
        faults.append(Fault("param", "\(name) needs the param \"\(param.name)\": \(param.expected)"))
        continue
      }
      switch param.check(value) {
      case .success(let canonical): result[param.name] = canonical
      case .failure(let fault): faults.append(fault)
      }
    }
    let names = params.map(\.name)
    for key in given.keys.sorted() where !names.contains(key) {
      let known = names.isEmpty ? "it has none" : "it has " + names.joined(separator: ", ")
      faults.append(
        Fault("unknown-param", "\(name) has no param \"\(key)\"\(Suggestion.phrase(for: key, in: names)); \(known)"))
    }
    return (Attributes(result), faults)
  }
}

/// Lists in lists of numbered things.
public indirect enum Nested: Sendable, Hashable {
  case leaf(Int)
  case list([Nested])

  public var items: [Nested]? { if case .list(let items) = self { items } else { nil } }
}

/// What running an op means.
public enum Action: Sendable {
  /// Tensors in, tensors out, sizes from the shape rule: compiled in regions, differentiable when it says how.
  case numeric(Numeric)
  /// Everything else that is a function: files, lists, records, data-dependent sizes.
  case host(Host)
  /// A session over a body subgraph, compiled once.
  case loop(any LoopOp)
  /// Control flow that the engine itself carries out.
  case control(Control)
}

public enum Control: String, Sendable { case `if`, loop }
