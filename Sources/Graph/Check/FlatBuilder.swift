import Language

/// A flat graph under construction: the whole run, or a body inside another builder.
///
/// A node is put into the innermost graph that it reads from, not where it is written: what does not depend on a
/// loop's state or a map's item runs once, outside. Equal uses of an op in one graph become one node. A value of an
/// outer graph becomes an input of the body that reads it.
final class FlatBuilder {
  let parent: FlatBuilder?
  let depth: Int
  /// Nodes written here stay here: the branches of `core.if`, which may not run.
  let isBarrier: Bool
  private(set) var graph = FlatGraph()
  private(set) var bindings: [FlatGraph.Body.Binding] = []
  private var captures: [FlatGraph.ValueIndex: FlatGraph.ValueIndex] = [:]
  private var uses: [String: Int] = [:]
  private var symbolCounts: [String: Int] = [:]

  init(parent: FlatBuilder? = nil, isBarrier: Bool = false) {
    self.parent = parent
    depth = (parent?.depth ?? -1) + 1
    self.isBarrier = isBarrier
  }

  private var root: FlatBuilder { parent?.root ?? self }

  /// Adds an input of the graph. A body says how it is fed.
  func input(
    _ name: String, _ type: ValueType, isOptional: Bool = false, place: Place?, doc: String? = nil, origin: String,
    binding: FlatGraph.Body.Binding? = nil
  ) -> Wire {
    let value = define(type)
    graph.inputs.append(
      FlatGraph.Input(name: name, type: type, isOptional: isOptional, value: value, place: place, doc: doc))
    if let binding { bindings.append(binding) }
    return .value(value, self, type, Wire.Origin(text: origin, place: place))
  }

  /// The operand by which a node of this graph reads `wire`.
  func operand(_ wire: Wire) -> FlatGraph.Operand {
    switch wire {
    case .constant(let value, _, _): return .constant(value)
    case .list(let items, _): return .list(items.map(operand))
    case .broken: return .constant(.none)
    case .value(let index, let builder, let type, _):
      if builder === self { return .value(index) }
      guard let parent else { preconditionFailure("a value of an inner graph is read outside of it") }
      let outer = parent.operand(wire)
      guard case .value(let outerIndex) = outer else { return outer }
      if let known = captures[outerIndex] { return .value(known) }
      let local = define(type)
      captures[outerIndex] = local
      graph.inputs.append(
        FlatGraph.Input(name: "^\(outerIndex)", type: type, isOptional: false, value: local, place: nil, doc: nil))
      bindings.append(.shared(outer))
      return .value(local)
    }
  }

  /// Where a node written in this graph belongs.
  func home(of wires: [Wire], staysHere: Bool) -> FlatBuilder {
    if staysHere { return self }
    let needed = wires.compactMap(\.home).map(\.depth).max() ?? 0
    var builder = self
    while builder.depth > needed, !builder.isBarrier, let parent = builder.parent { builder = parent }
    return builder
  }

  struct NodeParts {
    var path: String
    var op: Op
    var attributes: Attributes
    var operands: [[Wire]]
    var ports: [(name: String, type: ValueType)]
    var policy = FlatGraph.Policy()
    var structure = FlatGraph.Structure.plain
    var place: Place?
    var doc: String?
  }

  /// Adds the node, or finds its twin, and returns a wire per port.
  func add(_ parts: NodeParts) -> [Wire] {
    let operands = parts.operands.map { $0.map(operand) }
    var isPlain = false
    if case .plain = parts.structure { isPlain = !parts.op.isRandom }
    let use = "\(parts.op.name)|\(parts.attributes.canonical)|\(operands)|\(parts.policy)"
    let origin = { (port: String) in
      Wire.Origin(text: "from \(parts.path)\(port.isEmpty ? "" : ".\(port)")", place: parts.place)
    }
    if isPlain, let twin = uses[use] {
      graph.aliases[parts.path] = graph.nodes[twin].path
      return zip(graph.nodes[twin].results, parts.ports).map { .value($0, self, graph.types[$0], origin($1.name)) }
    }
    let results = parts.ports.map { define($0.type) }
    if isPlain { uses[use] = graph.nodes.count }
    graph.nodes.append(
      FlatGraph.Node(
        path: parts.path, op: parts.op, attributes: parts.attributes, operands: operands, results: results,
        ports: parts.ports.map(\.name), policy: parts.policy, structure: parts.structure, place: parts.place,
        doc: parts.doc))
    return zip(results, parts.ports).map { .value($0, self, $1.type, origin($1.name)) }
  }

  func output(
    _ name: String, _ wire: Wire, isOptional: Bool = false, save: FlatGraph.Save? = nil, place: Place?,
    doc: String? = nil
  ) {
    graph.outputs.append(
      FlatGraph.Output(
        name: name, type: wire.type, operand: operand(wire), isOptional: isOptional, save: save, place: place, doc: doc)
    )
  }

  func body() -> FlatGraph.Body { FlatGraph.Body(graph: graph.pruned(), bindings: bindings) }

  /// Renames the symbols of a result that no input brought: each use of `image.load` has an `H` of its own.
  func freshened(_ types: [ValueType], inputs: [ValueType]) -> [ValueType] {
    let brought = inputs.reduce(into: Set<String>()) { $0.formUnion($1.symbols) }
    var names: [String: Dim] = [:]
    for type in types {
      for symbol in type.symbols.subtracting(brought).sorted() where names[symbol] == nil {
        names[symbol] = .symbol(root.freshSymbol(symbol))
      }
    }
    return names.isEmpty ? types : types.map { $0.substituting(names) }
  }

  /// Notes that a graph was opened in place at `path`.
  func open(_ path: String, _ call: FlatGraph.Call) { root.graph.calls[path] = call }

  private func freshSymbol(_ name: String) -> String {
    symbolCounts[name, default: 0] += 1
    let count = symbolCounts[name]!
    return count == 1 ? name : "\(name)\(count)"
  }

  private func define(_ type: ValueType) -> FlatGraph.ValueIndex {
    graph.types.append(type)
    return graph.types.count - 1
  }
}

extension ValueType {
  /// Every symbol an extent of the type names.
  var symbols: Set<String> {
    switch self {
    case .tensor(let type): return (type.shape ?? []).reduce(into: []) { $0.formUnion($1.symbols) }
    case .image(let type): return type.height.symbols.union(type.width.symbols)
    case .list(let inner), .optional(let inner), .stream(let inner): return inner.symbols
    case .tuple(let items): return items.reduce(into: []) { $0.formUnion($1.symbols) }
    case .named, .any: return []
    }
  }
}
