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
  /// Plain nodes by the hash of what they compute; where that is taken by another, by the next number that is free.
  private var twins: [Int: Int] = [:]
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
    if parent == nil { for symbol in type.symbols { symbolCounts[symbol] = max(1, symbolCounts[symbol] ?? 0) } }
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
    case .item(let list, let index, _, _): return .item(operand(list), index)
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
  func home(of wires: some Sequence<Wire>, staysHere: Bool) -> FlatBuilder {
    if staysHere || depth == 0 { return self }
    let needed = wires.reduce(0) { max($0, $1.home?.depth ?? 0) }
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
    /// Equal uses are one although the op is random: initial weights are named, not drawn in turn.
    var isShared = false
    var place: Place?
    var doc: String?
  }

  /// Adds the node, or finds its twin, and returns a wire per port.
  func add(_ parts: NodeParts) -> [Wire] {
    let operands = parts.operands.map { $0.map(operand) }
    var isPlain = false
    if case .plain = parts.structure { isPlain = parts.isShared || !parts.op.isRandom }
    let (path, place, isOnly) = (parts.path, parts.place, parts.ports.count == 1)
    func origin(_ port: String) -> Wire.Origin {
      Wire.Origin(madeBy: path, port: isOnly ? nil : port, place: place)
    }
    var ports = parts.op.outputNames
    if !ports.elementsEqual(parts.ports.lazy.map(\.name)) { ports = parts.ports.map(\.name) }
    let node = FlatGraph.Node(
      path: parts.path, op: parts.op, attributes: parts.attributes, operands: operands,
      results: Array(graph.types.count..<graph.types.count + parts.ports.count), ports: ports, policy: parts.policy,
      structure: parts.structure, place: parts.place, doc: parts.doc)
    if isPlain {
      var number = node.computationHash
      while let twin = twins[number].map({ graph.nodes[$0] }) {
        if twin.computesTheSame(as: node) {
          graph.aliases[parts.path] = twin.path
          return zip(twin.results, parts.ports).map { .value($0, self, graph.types[$0], origin($1.name)) }
        }
        number &+= 1
      }
      twins[number] = graph.nodes.count
    }
    let results = parts.ports.map { define($0.type) }
    graph.nodes.append(node)
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

  /// The graph as a body, without nodes that feed no output and without values of outer graphs that only they read.
  func body() -> FlatGraph.Body {
    var pruned = graph.pruned()
    var read = Set(pruned.outputs.flatMap(\.operand.values))
    for node in pruned.nodes { for operand in node.allOperands { read.formUnion(operand.values) } }
    let kept = zip(pruned.inputs, bindings).filter { input, binding in
      if case .shared = binding { read.contains(input.value) } else { true }
    }
    pruned.inputs = kept.map(\.0)
    return FlatGraph.Body(graph: pruned, bindings: kept.map(\.1))
  }

  /// Renames the symbols of a result that no input brought: each use of `image.load` has an `H` of its own.
  func freshened(_ types: [ValueType], inputs: some Sequence<ValueType>) -> [ValueType] {
    if !types.contains(where: \.hasSymbols) { return types }
    let brought = inputs.reduce(into: Set<String>()) { $0.formUnion($1.symbols) }
    return freshened(types, bindings: Dictionary(uniqueKeysWithValues: brought.map { ($0, .symbol($0)) }))
  }

  /// The types with `bindings` put in, and symbols of their own for what has none.
  func freshened(_ types: [ValueType], bindings: [String: Dim]) -> [ValueType] {
    var names = bindings
    for type in types {
      for symbol in type.symbols.sorted() where names[symbol] == nil {
        names[symbol] = .symbol(root.freshSymbol(symbol))
      }
    }
    return names.isEmpty ? types : types.map { $0.substituting(names) }
  }

  /// Notes that a graph was opened in place at `path`.
  func open(_ path: String, _ call: FlatGraph.Call) { root.graph.calls[path] = call }

  /// `H`, then `H2`, `H3`…, none of them in use.
  private func freshSymbol(_ name: String) -> String {
    if name.hasPrefix("?") { return name }
    symbolCounts[name, default: 0] += 1
    let count = symbolCounts[name]!
    guard count > 1 else { return name }
    let numbered = "\(name)\(count)"
    return symbolCounts[numbered] == nil ? numbered : freshSymbol(name)
  }

  private func define(_ type: ValueType) -> FlatGraph.ValueIndex {
    graph.types.append(type)
    return graph.types.count - 1
  }
}

extension ValueType {
  static func optionally(_ type: ValueType) -> ValueType {
    if case .optional = type { type } else { .optional(type) }
  }

  /// The narrowest type that both fit: what differs is unknown.
  func joined(with other: ValueType) -> ValueType {
    if self == other { return self }
    switch (self, other) {
    case (.optional(let a), .optional(let b)): return .optional(a.joined(with: b))
    case (.optional(let a), let b), (let b, .optional(let a)): return .optional(a.joined(with: b))
    case (.tensor(let a), .tensor(let b)):
      var shape: [Dim]?
      if let x = a.shape, let y = b.shape, x.count == y.count { shape = zip(x, y).map { $0 == $1 ? $0 : .unknown } }
      return .tensor(
        TensorType(
          dtype: a.dtype == b.dtype ? a.dtype : nil, shape: shape,
          meaning: Meaning(
            colour: a.meaning.colour == b.meaning.colour ? a.meaning.colour : nil,
            layout: a.meaning.layout == b.meaning.layout ? a.meaning.layout : nil,
            range: a.meaning.range == b.meaning.range ? a.meaning.range : nil)))
    case (.image(let a), .image(let b)):
      return .image(
        ImageType(
          format: a.format == b.format ? a.format : nil, height: a.height == b.height ? a.height : .unknown,
          width: a.width == b.width ? a.width : .unknown))
    case (.list(let a), .list(let b)): return .list(a.joined(with: b))
    case (.tuple(let a), .tuple(let b)) where a.count == b.count:
      return .tuple(zip(a, b).map { $0.joined(with: $1) })
    case (.tuple(let items), .list(let b)), (.list(let b), .tuple(let items)):
      return .list(items.reduce(b) { $0.joined(with: $1) })
    case (.stream(let a), .stream(let b)): return .stream(a.joined(with: b))
    case (.named("int"), .named("number")), (.named("number"), .named("int")): return .number
    default: return .any
    }
  }

  /// Whether an extent of the type names a symbol.
  var hasSymbols: Bool {
    switch self {
    case .tensor(let type): type.shape?.contains { $0.value == nil } ?? false
    case .image(let type): type.height.value == nil || type.width.value == nil
    case .list(let inner), .optional(let inner), .stream(let inner): inner.hasSymbols
    case .tuple(let items): items.contains(where: \.hasSymbols)
    case .named, .any: false
    }
  }

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
