import Language
import Tensors

/// A checked graph, ready to run: subgraphs are opened in place, params evaluated, lists of known length unrolled,
/// every type inferred. Paths keep the structure that was opened (`paint/loss/gram`).
///
/// Nodes stand in an order in which they can run. A body (map, branch, loop, minimise) is a flat graph of its own.
public struct FlatGraph: Sendable {
  public typealias ValueIndex = Int

  public struct Input: Sendable {
    public let name: String
    public let type: ValueType
    public let isOptional: Bool
    public let value: ValueIndex
    public let place: Place?
    public let doc: String?

    public init(name: String, type: ValueType, isOptional: Bool, value: ValueIndex, place: Place?, doc: String?) {
      self.name = name
      self.type = type
      self.isOptional = isOptional
      self.value = value
      self.place = place
      self.doc = doc
    }
  }

  public struct Output: Sendable {
    public let name: String
    public let type: ValueType
    public let operand: Operand
    /// May be absent in the result.
    public let isOptional: Bool
    /// How it is saved, where the file says.
    public let save: Save?
    public let place: Place?
    public let doc: String?

    public init(
      name: String, type: ValueType, operand: Operand, isOptional: Bool, save: Save?, place: Place?, doc: String?
    ) {
      self.name = name
      self.type = type
      self.operand = operand
      self.isOptional = isOptional
      self.save = save
      self.place = place
      self.doc = doc
    }
  }

  /// A graph that was opened in place.
  public struct Call: Sendable {
    /// As written: `graph:taps`, `networks/vgg19.json`.
    public let op: String
    public let isOtherFile: Bool
    public let doc: String?
  }

  /// Where and how an output is saved.
  public struct Save: Sendable {
    /// nil: under the output's own name.
    public let template: SaveTemplate?
    /// Settings of the format: `quality`, `format`…
    public let settings: [String: Literal]

    public init(template: SaveTemplate?, settings: [String: Literal]) {
      self.template = template
      self.settings = settings
    }
  }

  /// Where a node's input comes from.
  public enum Operand: Sendable {
    case value(ValueIndex)
    indirect case constant(Value)
    case list([Operand])
    /// One element of a list value.
    indirect case item(Operand, Int)
  }

  /// A class, because a node is large and every stage of a run hands it on.
  public final class Node: Sendable {
    /// Stable name: the calls it stands in and its own name, joined by "/".
    public let path: String
    public let op: Op
    public let attributes: Attributes
    /// Per input port of the op, in its order; empty for an unconnected port. Ops with a body have their inputs in it.
    public let operands: [[Operand]]
    /// Values it defines and the port each stands for.
    public let results: [ValueIndex]
    public let ports: [String]
    public let policy: Policy
    public let structure: Structure
    public let place: Place?
    public let doc: String?

    public init(
      path: String, op: Op, attributes: Attributes, operands: [[Operand]], results: [ValueIndex], ports: [String],
      policy: Policy = Policy(), structure: Structure = .plain, place: Place? = nil, doc: String? = nil
    ) {
      self.path = path
      self.op = op
      self.attributes = attributes
      self.operands = operands
      self.results = results
      self.ports = ports
      self.policy = policy
      self.structure = structure
      self.place = place
      self.doc = doc
    }
  }

  public struct Policy: Sendable, Hashable {
    public enum Cache: String, Sendable, CaseIterable { case auto, off, keep }
    public enum OnError: String, Sendable, CaseIterable { case fail, skip, null }

    public var cache: Cache
    public var onError: OnError
    /// Items of a map in flight at most; nil: as many as there are threads.
    public var inflight: Int?
    /// Items gathered into one call at most: nil is automatic, 1 is off.
    public var batch: Int?
    /// Label of the random stream, where the structural position is not enough.
    public var stream: String?

    public init(
      cache: Cache = .auto, onError: OnError = .fail, inflight: Int? = nil, batch: Int? = nil, stream: String? = nil
    ) {
      self.cache = cache
      self.onError = onError
      self.inflight = inflight
      self.batch = batch
      self.stream = stream
    }
  }

  /// What a node does beside calling its op.
  public indirect enum Structure: Sendable {
    case plain
    /// Applies the body to each element; every result is the list of what the items gave (`.each` bindings zip).
    case map(Body)
    /// Runs one of two bodies; `condition` is a boolean.
    case branch(condition: Operand, then: Body, otherwise: Body?)
    /// Runs the body until `plan` says stop; body outputs of a state's name carry it to the next round.
    case loop(Body, states: [State], LoopPlan)
    /// Minimises the body output `loss` over `wrt` with the op's `LoopOp` session; `validation` is another body over
    /// the same values, for measuring. Bindings of kind `.each` give an element of a stream per step.
    case minimize(Body, validation: Body?, wrt: [State], states: [State], loss: String, LoopPlan)
  }

  /// A named value that changes from step to step, and where it starts.
  public struct State: Sendable {
    public let name: String
    public let start: Operand

    public init(name: String, start: Operand) {
      self.name = name
      self.start = start
    }
  }

  public struct Body: Sendable {
    public enum Binding: Sendable {
      /// One element per item of this list.
      case each(Operand)
      case shared(Operand)
      /// The state or `wrt` of this index.
      case state(Int)
      case wrt(Int)
    }

    public let graph: FlatGraph
    /// One per input of `graph`, in order.
    public let bindings: [Binding]

    public init(graph: FlatGraph, bindings: [Binding]) {
      self.graph = graph
      self.bindings = bindings
    }
  }

  /// When a loop stops, what it keeps and how often it saves its state.
  public struct LoopPlan: Sendable {
    public enum Keep: String, Sendable, CaseIterable { case all, last, best }

    public var steps: Int?
    public var seconds: Double?
    /// Stop when the loss changes by less than this share of itself.
    public var relativeChange: Double?
    /// Stop when this boolean body output is true (core.loop only).
    public var condition: String?
    public var keep: [(name: String, mode: Keep)]
    /// Steps between checkpoints; nil: by time.
    public var checkpointEvery: Int?
    /// Steps between values collected by `keep: all`.
    public var saveEvery: Int?
    /// Stop after this many measurements in a row without a better one.
    public var patience: Int?

    public init(
      steps: Int? = nil, seconds: Double? = nil, relativeChange: Double? = nil, condition: String? = nil,
      keep: [(name: String, mode: Keep)] = [], checkpointEvery: Int? = nil, saveEvery: Int? = nil
    ) {
      self.steps = steps
      self.seconds = seconds
      self.relativeChange = relativeChange
      self.condition = condition
      self.keep = keep
      self.checkpointEvery = checkpointEvery
      self.saveEvery = saveEvery
    }
  }

  /// Type of each value, by index.
  public var types: [ValueType]
  public var inputs: [Input]
  public var nodes: [Node]
  public var outputs: [Output]
  /// The graphs that were opened in place, by path.
  public var calls: [String: Call] = [:]
  /// Paths of nodes that were merged with an equal one, and that one's path.
  public var aliases: [String: String] = [:]

  public init(
    types: [ValueType] = [], inputs: [Input] = [], nodes: [Node] = [], outputs: [Output] = []
  ) {
    self.types = types
    self.inputs = inputs
    self.nodes = nodes
    self.outputs = outputs
  }
}

extension FlatGraph.Operand {
  /// Every value the operand reads.
  public var values: [FlatGraph.ValueIndex] {
    var found: [FlatGraph.ValueIndex] = []
    visitValues { found.append($0) }
    return found
  }

  /// Calls `body` with every value the operand reads.
  public func visitValues(_ body: (FlatGraph.ValueIndex) -> Void) {
    switch self {
    case .value(let index): body(index)
    case .constant: break
    case .list(let items): for item in items { item.visitValues(body) }
    case .item(let list, _): list.visitValues(body)
    }
  }

  /// Every constant in the operand.
  public var constants: [Value] {
    switch self {
    case .value: []
    case .constant(let value): [value]
    case .list(let items): items.flatMap(\.constants)
    case .item(let list, _): list.constants
    }
  }
}

extension FlatGraph.Node {
  /// Every operand the node reads from the graph it stands in, those that feed its bodies included.
  public var allOperands: [FlatGraph.Operand] {
    var result: [FlatGraph.Operand] = []
    visitOperands { result.append($0) }
    return result
  }

  /// Calls `body` with every value the node reads from the graph it stands in, as often as it reads it.
  public func visitValues(_ body: (FlatGraph.ValueIndex) -> Void) { visitOperands { $0.visitValues(body) } }

  private func visitOperands(_ visit: (FlatGraph.Operand) -> Void) {
    func add(_ body: FlatGraph.Body) {
      for binding in body.bindings {
        switch binding {
        case .each(let operand), .shared(let operand): visit(operand)
        case .state, .wrt: break
        }
      }
    }
    for port in operands { for operand in port { visit(operand) } }
    switch structure {
    case .plain: break
    case .map(let body): add(body)
    case .branch(let condition, let then, let otherwise):
      visit(condition)
      add(then)
      if let otherwise { add(otherwise) }
    case .loop(let body, let states, _):
      add(body)
      for state in states { visit(state.start) }
    case .minimize(let body, let validation, let wrt, let states, _, _):
      add(body)
      if let validation { add(validation) }
      for state in wrt + states { visit(state.start) }
    }
  }
}

extension FlatGraph.Node {
  /// The name under which the node takes a network's parameter out of weights; nil for any other node.
  public var parameterName: String? { op.name == WeightOps.tensor ? attributes.string("name") : nil }

  /// Whether the node opens a file of weights.
  public var opensWeights: Bool { op.name == WeightOps.load }

  /// Whether the run's seed decides what it gives: it draws, or its body does, or an order is drawn for its streams.
  public var isRandom: Bool {
    if op.isRandom { return true }
    guard case .minimize(let body, _, _, _, _, _) = structure else { return false }
    return body.graph.nodes.contains { $0.op.isRandom }
      || body.bindings.contains { if case .each = $0 { true } else { false } }
  }
}

extension FlatGraph.LoopPlan {
  /// The node's port for a kept value: its own name, or, where that is the final value of a state, `name.all`.
  public static func port(_ name: String, _ mode: Keep, states: [String]) -> String {
    states.contains(name) && mode != .last ? "\(name).\(mode.rawValue)" : name
  }
}
