import Language

/// One opening of a graph: its inputs wired, its nodes flattened as they are needed.
final class Scope {
  /// Where the parameters of networks come from.
  enum Weights {
    /// No call has said: initialisers.
    case initial
    case bound(Wire)
  }

  /// What a node gives: wires by port, and the graph it opened, for taps.
  struct NodeWires {
    var ports: [(name: String, wire: Wire)]
    var inner: [Scope] = []

    static func broken(_ names: [String]) -> NodeWires {
      NodeWires(ports: names.map { ($0, .broken) }, isUnknown: true)
    }
    /// Nothing is known about the ports: every name is accepted and already reported.
    var isUnknown = false
    static var unknown: NodeWires { NodeWires(ports: [], isUnknown: true) }
  }

  let checker: Checker
  let file: GraphFile
  let environment: Environment
  let declaration: GraphDeclaration
  let builder: FlatBuilder
  /// Path of the call that opened the graph, with a slash behind it; empty at the top.
  let prefix: String
  var inputs: [String: Wire] = [:]
  var weights = Weights.initial
  /// In front of parameter names; nil outside of any network call.
  var parameterPrefix: String?
  /// Where the call that opened the graph stands; nil at the top.
  var opener: Place?
  /// What a foreign graph holds, once it is assembled.
  var foreignValues: (any ForeignValues, Assembly)?
  /// By position in the declaration; nil: not flattened yet.
  private var nodes: [NodeWires?]
  /// Positions of the declared nodes.
  private let positions: [String: Int]
  /// Positions of the nodes that the nodes looked at so far read, one node's after the other's, and where each one's are.
  private var reads: [Int] = []
  private var readsOf: [Range<Int>]
  /// What the node looked at last reads, by name: mostly it is flattened next, and a large table is slow to look into.
  private var found: [(name: String, node: Int)] = []

  init(
    checker: Checker, file: GraphFile, environment: Environment, declaration: GraphDeclaration,
    builder: FlatBuilder, prefix: String
  ) {
    self.checker = checker
    self.file = file
    self.environment = environment
    self.declaration = declaration
    self.builder = builder
    self.prefix = prefix
    nodes = Array(repeating: nil, count: declaration.nodes.count)
    readsOf = Array(repeating: 0..<0, count: declaration.nodes.count)
    reads.reserveCapacity(declaration.nodes.count)
    var positions: [String: Int] = [:]
    positions.reserveCapacity(declaration.nodes.count)
    for (position, node) in declaration.nodes.enumerated() where positions[node.name] == nil {
      positions[node.name] = position
    }
    self.positions = positions
  }

  /// Flattens every node, for its faults, and gives a wire per output.
  func outputs() -> [(OutputDeclaration, Wire)] {
    if let foreign = declaration.foreign { return outputs(of: foreign) }
    for position in nodes.indices { _ = wires(of: position) }
    return declaration.outputs.map { ($0, wire($0.from)) }
  }

  func wire(_ tree: ReferenceTree) -> Wire {
    switch tree {
    case .one(let reference): return wire(reference)
    case .list(let items, let place):
      return list(items.map { wire($0) }, Wire.Origin(text: "written at", place: place))
    }
  }

  /// A list whose elements are known, unless there are too many.
  func list(_ items: [Wire], _ origin: Wire.Origin) -> Wire {
    let list = Wire.list(items, origin)
    guard list.leafCount(limit: Wire.maximumLeaves) < Wire.maximumLeaves else {
      checker.report(.listTooLong(Wire.maximumLeaves, at: origin.place))
      return .broken
    }
    return list
  }

  func wire(_ reference: Reference) -> Wire {
    if reference.isInput { return input(reference) }
    let known = found.first { $0.name == reference.name }?.node
    guard let node = known ?? positions[reference.name] else {
      checker.report(.noSuchNode(reference, declaration))
      return .broken
    }
    let wires = wires(of: node)
    guard let port = reference.port else {
      if wires.isUnknown { return .broken }
      if wires.ports.count == 1 { return wires.ports[0].wire }
      checker.report(.portNeeded(reference, wires.ports.map(\.name)))
      return .broken
    }
    if let found = wires.ports.first(where: { $0.name == port }) { return found.wire }
    if wires.isUnknown { return .broken }
    if let tapped = tap(port, in: wires) { return tapped }
    checker.report(.noSuchPort(reference, wires.ports.map(\.name)))
    return .broken
  }

  private func input(_ reference: Reference) -> Wire {
    if let wire = inputs[reference.name] { return wire }
    if let value = environment.values[reference.name],
      let param = file.params.first(where: { $0.name == reference.name })
    {
      return constant(value, param)
    }
    checker.report(.noSuchInput(reference, declaration, file))
    return .broken
  }

  /// A param read through a port.
  private func constant(_ value: Literal, _ param: ParamDeclaration) -> Wire {
    let origin = Wire.Origin(text: "param at", place: param.place)
    return constant(value, (try? ValueType(parsing: param.type.value)) ?? .any, origin)
  }

  /// A list is known element by element, so that maps over it are written out.
  private func constant(_ value: Literal, _ type: ValueType, _ origin: Wire.Origin) -> Wire {
    switch (type, value) {
    case (.list(let element), .array(let items)): return list(items.map { constant($0, element, origin) }, origin)
    case (.named("file"), .string(let path)), (.named("model"), .string(let path)),
      (.named("folder"), .string(let path)):
      return .constant(path.isEmpty ? .none : .file(path), path.isEmpty ? .optional(type) : type, origin)
    default: return .constant(Value(value), type, origin)
    }
  }

  /// Any value inside a graph that a node opened, by the name of the node that makes it: `relu4_2`, `block/conv`.
  func tap(_ name: String, in wires: NodeWires) -> Wire? {
    let found = wires.inner.map { $0.inner(name) }
    if found.isEmpty || found.contains(where: { $0 == nil }) { return nil }
    return found.count == 1 ? found[0] : list(found.map { $0! }, found[0]!.origin)
  }

  private func inner(_ name: String) -> Wire? {
    if declaration.foreign != nil { return foreignTap(name) }
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let nodeAndPort = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
    guard let node = nodeAndPort.first.flatMap({ positions[$0] }) else { return nil }
    let wires = wires(of: node)
    if wires.isUnknown { return .broken }
    if parts.count == 2 { return tap(parts[1], in: wires) }
    if nodeAndPort.count == 2 {
      return wires.ports.first { $0.name == nodeAndPort[1] }?.wire ?? tap(nodeAndPort[1], in: wires)
    }
    return wires.ports.count == 1 ? wires.ports[0].wire : nil
  }

  /// Names that can be tapped in the graphs a node opened.
  func tapNames(in wires: NodeWires) -> [String] {
    wires.inner.flatMap { $0.declaration.nodes.map(\.name) + ($0.foreignValues?.0.names ?? []) }
  }

  /// What `node` gives, flattened once. What it reads comes first, by a stack of its own: a chain of nodes may be as
  /// long as the file.
  private func wires(of position: Int) -> NodeWires {
    if let known = nodes[position] { return known }
    let unread = look(at: position)
    if unread.isEmpty { return flatten(position) }
    var stack = [(node: position, unread: unread[...])]
    var underway = [position: 0]
    while let top = stack.last {
      guard let next = stack[stack.count - 1].unread.popFirst() else {
        stack.removeLast()
        underway[top.node] = nil
        if nodes[top.node] == nil { _ = flatten(top.node) }
        continue
      }
      guard nodes[next.node] == nil else { continue }
      if let start = underway[next.node] {
        let circle = stack[start...].map(\.node)
        checker.report(.cycle((circle + [next.node]).map { declaration.nodes[$0].name }, at: next.place))
        for node in circle { nodes[node] = .unknown }
      } else {
        underway[next.node] = stack.count
        stack.append((next.node, look(at: next.node)[...]))
      }
    }
    return nodes[position] ?? .unknown
  }

  private func flatten(_ position: Int) -> NodeWires {
    let wires = NodeFlattening(scope: self, node: declaration.nodes[position]).run()
    nodes[position] = wires
    return wires
  }

  /// Notes what the node reads. Gives what is not flattened yet of it, and where it is read.
  private func look(at position: Int) -> [(node: Int, place: Place)] {
    var unread: [(node: Int, place: Place)] = []
    let start = reads.count
    found.removeAll(keepingCapacity: true)
    declaration.nodes[position].visitReferences { reference in
      guard !reference.isInput, let node = positions[reference.name] else { return }
      reads.append(node)
      if found.count < 8 { found.append((reference.name, node)) }
      if nodes[node] == nil { unread.append((node, reference.place)) }
    }
    readsOf[position] = start..<reads.count
    return unread
  }

  /// Nodes that no output depends on, once all are flattened.
  func unusedNodes() -> [NodeDeclaration] {
    var isUsed = Array(repeating: false, count: declaration.nodes.count)
    var queue: [Int] = []
    func use(_ node: Int) {
      if isUsed[node] { return }
      isUsed[node] = true
      queue.append(node)
    }
    func use(_ reference: Reference) {
      if !reference.isInput, let node = positions[reference.name] { use(node) }
    }
    for output in declaration.outputs { output.from.visit(use) }
    if case .reference(let reference)? = declaration.weights { use(reference) }
    while let node = queue.popLast() { for read in reads[readsOf[node]] { use(read) } }
    return declaration.nodes.enumerated().filter { !isUsed[$0.offset] }.map(\.element)
  }

  /// A setting with its expressions evaluated; nil when one fails, which is reported unless it reads a param that has
  /// no value yet.
  func evaluate(_ setting: Setting) -> Literal? {
    do throws(Fault) { return try setting.evaluate(in: environment.values) } catch {
      if error.code == "unknown-param" || !isGuess(setting) { checker.report(error.at(setting.place)) }
      return nil
    }
  }

  /// Whether the setting reads a param that nobody gave a value yet.
  func isGuess(_ setting: Setting) -> Bool { setting.names.contains { environment.unset.contains($0.name) } }

  /// How an output of the top graph is saved.
  func save(_ output: OutputDeclaration) -> FlatGraph.Save? {
    guard let save = output.save else { return nil }
    var template: SaveTemplate?
    switch save.path {
    case .template(let parsed)?: template = parsed
    case .expression(let expression)?:
      guard let value = evaluate(Setting(.expression(expression), at: save.place)) else { return nil }
      guard case .string(let text) = value else {
        checker.report(.saveNeedsText(output, value, at: save.place))
        return nil
      }
      do throws(Fault) {
        template = try SaveTemplate.parse(text, columns: StringColumns(opening: save.place))
      } catch { checker.report(error) }
    case nil: template = nil
    }
    for field in template?.fields ?? [] where field.path[0] != "index" && field.path[0] != "output" {
      let names = declaration.inputs.map(\.name) + file.params.map(\.name)
      if !names.contains(field.path[0]) { checker.report(.noSuchField(field, names)) }
    }
    var settings: [String: Literal] = [:]
    for member in save.settings { settings[member.key] = evaluate(member.value) }
    return FlatGraph.Save(template: template, settings: settings)
  }
}

/// Wording of what can be wrong with references.
extension Fault {
  static func noSuchNode(_ reference: Reference, _ declaration: GraphDeclaration) -> Fault {
    let names = declaration.nodes.map(\.name)
    if declaration.inputs.contains(where: { $0.name == reference.name }) {
      return Fault(
        "unknown-node", "there is no node \"\(reference.name)\"; the input is written \"@\(reference.name)\"",
        at: reference.place)
    }
    return Fault(
      "unknown-node", "there is no node \"\(reference.name)\"\(Suggestion.phrase(for: reference.name, in: names))",
      at: reference.place)
  }

  static func noSuchInput(_ reference: Reference, _ declaration: GraphDeclaration, _ file: GraphFile) -> Fault {
    let names = declaration.inputs.map(\.name) + file.params.map(\.name)
    if declaration.nodes.contains(where: { $0.name == reference.name }) {
      return Fault(
        "unknown-input", "there is no input \"\(reference.name)\"; the node is written \"\(reference.name)\"",
        at: reference.place)
    }
    return Fault(
      "unknown-input", "there is no input \"\(reference.name)\"\(Suggestion.phrase(for: reference.name, in: names))",
      at: reference.place)
  }

  static func portNeeded(_ reference: Reference, _ ports: [String]) -> Fault {
    Fault(
      "unknown-port",
      ports.isEmpty
        ? "node \"\(reference.name)\" has no outputs"
        : "node \"\(reference.name)\" has several outputs; write "
          + ports.map { "\(reference.name).\($0)" }.joined(separator: " or "),
      at: reference.place)
  }

  static func noSuchPort(_ reference: Reference, _ ports: [String]) -> Fault {
    let known = ports.isEmpty ? "it has none" : "it has \(ports.joined(separator: ", "))"
    return Fault(
      "unknown-port",
      "node \"\(reference.name)\" has no output \"\(reference.port!)\"\(Suggestion.phrase(for: reference.port!, in: ports)); \(known)",
      at: reference.place)
  }

  static func listTooLong(_ limit: Int, at place: Place?) -> Fault {
    Fault("too-large", "the list has \(limit) elements or more", at: place)
  }

  static func cycle(_ names: [String], at place: Place?) -> Fault {
    Fault("cycle", "nodes feed each other in a circle: \(names.joined(separator: " ← "))", at: place)
  }

  static func saveNeedsText(_ output: OutputDeclaration, _ value: Literal, at place: Place) -> Fault {
    Fault("template", "the save path of output \"\(output.name)\" must be a string, but is \(value.kind)", at: place)
  }

  static func noSuchField(_ field: SaveTemplate.Field, _ names: [String]) -> Fault {
    Fault(
      "template",
      "{\(field.path.joined(separator: "."))} names no input or param\(Suggestion.phrase(for: field.path[0], in: names))",
      at: field.place)
  }
}
