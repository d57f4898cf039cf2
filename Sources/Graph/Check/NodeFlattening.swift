import Language

/// Turns one node of a graph file into nodes of the flat graph.
struct NodeFlattening {
  let scope: Scope
  let node: NodeDeclaration

  var checker: Checker { scope.checker }

  /// What the node calls.
  enum Target {
    case op(Op)
    case graph(GraphDeclaration, GraphFile, isOtherFile: Bool)
    /// A model file that is not there: its ports are what `expect` says.
    case absent(String)
  }

  func run() -> Scope.NodeWires {
    guard let reference = node.op, let target = resolve(reference) else {
      // What the node reads is still looked at, so that its own faults show.
      for binding in node.inputs + node.each { _ = scope.wire(binding.value) }
      return .unknown
    }
    let shared = connections(node.inputs)
    if node.each.isEmpty { return instantiate(target, shared, in: scope.builder, path: scope.prefix + node.name) }
    return map(target, shared: shared, each: connections(node.each))
  }

  private func connections(_ bindings: [PortBinding]) -> Named<OpUse.Connection> {
    var result = Named<OpUse.Connection>()
    result.reserveCapacity(bindings.count)
    for binding in bindings {
      result[binding.port] = OpUse.Connection(
        text: binding.value.text, wire: scope.wire(binding.value), keyPlace: binding.portPlace,
        place: binding.value.place)
    }
    return result
  }

  /// Applies the node to every element of the lists under `each`: written out when the lists are known one by one, unless
  /// the file says how many may be in flight at a time.
  private func map(
    _ target: Target, shared: Named<OpUse.Connection>, each: Named<OpUse.Connection>
  ) -> Scope.NodeWires {
    if each.isEmpty || each.contains(where: \.value.wire.isBroken) { return .unknown }
    var lists: [String: [Wire]] = [:]
    for (port, connection) in each {
      if let items = connection.wire.elements { lists[port] = items }
    }
    if lists.count == each.count, node.policy.inflight == nil {
      return unroll(target, shared: shared, each: each, lists: lists)
    }

    let child = FlatBuilder(parent: scope.builder)
    var inside = shared
    for (port, connection) in each.sorted(by: { $0.key < $1.key }) {
      let element: ValueType
      switch connection.wire.type {
      case .list(let inner), .stream(let inner): element = inner
      case .tuple(let items):
        element = items.dropFirst().reduce(items.first ?? .any) { $0.joined(with: $1) }
      case .any: element = .any
      default:
        checker.report(.eachNeedsList(node, port, connection))
        return .unknown
      }
      let wire = child.input(
        port, element, place: connection.place, origin: "an item of \(connection.text)",
        binding: .each(scope.builder.operand(connection.wire)))
      inside[port] = OpUse.Connection(
        text: connection.text + "[…]", wire: wire, keyPlace: connection.keyPlace, place: connection.place)
    }
    let path = scope.prefix + node.name
    let wires = instantiate(target, inside, in: child, path: path)
    if wires.isUnknown || wires.ports.contains(where: \.wire.isBroken) { return .unknown }
    for port in wires.ports { child.output(port.name, port.wire, place: node.place) }
    let ports = wires.ports.map { port -> (name: String, type: ValueType) in
      let item = port.wire.type
      return (port.name, .list(node.policy.onError == .null ? .optional(item) : item))
    }
    let results = scope.builder.add(
      FlatBuilder.NodeParts(
        path: path, op: StructuralOps.map, attributes: Attributes(), operands: [], ports: ports, policy: node.policy,
        structure: .map(child.body()), place: node.place, doc: node.doc))
    return Scope.NodeWires(ports: zip(ports, results).map { ($0.name, $1) })
  }

  private func unroll(
    _ target: Target, shared: Named<OpUse.Connection>, each: Named<OpUse.Connection>, lists: [String: [Wire]]
  ) -> Scope.NodeWires {
    let counts = each.names.sorted().map { ($0, lists[$0]!.count) }
    guard let count = counts.first?.1, counts.allSatisfy({ $0.1 == count }) else {
      checker.report(.unequalLists(node, counts, each))
      return .unknown
    }
    var items: [Scope.NodeWires] = []
    for index in 0..<count {
      var inside = shared
      for (port, connection) in each {
        inside[port] = OpUse.Connection(
          text: "\(connection.text)[\(index)]", wire: lists[port]![index], keyPlace: connection.keyPlace,
          place: connection.place)
      }
      let wires = instantiate(target, inside, in: scope.builder, path: "\(scope.prefix)\(node.name)[\(index)]")
      // What is wrong with one item is wrong with the others: it is told once.
      if wires.isUnknown || wires.ports.contains(where: \.wire.isBroken) { return .unknown }
      items.append(wires)
    }
    let names = items.first?.ports.map(\.name) ?? outputs(of: target)
    let origin = Wire.Origin(text: "from \(scope.prefix)\(node.name)", place: node.place)
    return Scope.NodeWires(
      ports: names.enumerated().map { position, name in
        (name, scope.list(items.map { $0.ports[position].wire }, origin))
      },
      inner: items.flatMap(\.inner))
  }

  /// The ports that a use would have, as far as the declaration tells: those of a map over nothing.
  private func outputs(of target: Target) -> [String] {
    switch target {
    case .op(let op): op.outputs.map(\.name)
    case .graph(let declaration, _, _): declaration.outputs.map(\.name)
    case .absent: node.expect.map(\.port)
    }
  }

  /// One use of the target with everything connected.
  func instantiate(
    _ target: Target, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    guard checker.countInstance(of: node) else { return .unknown }
    switch target {
    case .op(let op):
      guard rejectKeys(beyond: op.structure, owner: op.name) else { return .unknown }
      if let handsOn = node.handsOn {
        checker.report(.handsOnToOp(node, op.name, at: handsOn.place))
        return .unknown
      }
      switch op.action {
      case .numeric, .host: return use(op, connections, in: builder, path: path)
      case .loop: return minimize(op, connections, in: builder, path: path)
      case .control(.if): return branch(op, connections, in: builder, path: path)
      case .control(.loop): return loop(op, connections, in: builder, path: path)
      }
    case .graph(let declaration, let file, let isOtherFile):
      let keys: Set<String> = declaration.foreign == nil ? ["weights", "taps"] : ["taps"]
      guard rejectKeys(beyond: keys, owner: declaration.foreign == nil ? "a graph" : "a model") else {
        return .unknown
      }
      return call(declaration, file, isOtherFile: isOtherFile, connections, in: builder, path: path)
    case .absent(let model): return absent(model, connections, in: builder, path: path)
    }
  }

  /// Keys that the target has no use for.
  private func rejectKeys(beyond allowed: Set<String>, owner: String) -> Bool {
    let places = node.keyPlaces.places
    if places.isEmpty { return true }
    let extra = places.map(\.key).filter { Self.structural.contains($0) && !allowed.contains($0) }
    for key in extra.sorted() { checker.report(.keyOfNoUse(key, owner, node)) }
    return extra.isEmpty
  }

  private static let structural: Set<String> = [
    "weights", "taps", "body", "then", "else", "validate", "loss", "wrt", "state", "until", "keep", "checkpoint",
    "save_every",
  ]

  private func resolve(_ reference: OpReference) -> Target? {
    switch reference.source {
    case .text(let form): return resolve(form, at: reference.place)
    case .expression(let expression):
      guard let value = scope.evaluate(Setting(.expression(expression), at: reference.place)) else { return nil }
      guard case .string(let text) = value, !text.isEmpty else {
        if !scope.isGuess(Setting(.expression(expression), at: reference.place)) {
          checker.report(.opNeedsText(node, value, at: reference.place))
        }
        return nil
      }
      return resolve(
        OpReference.Form(text), at: reference.place, from: Setting(.expression(expression), at: reference.place))
    }
  }

  func resolve(_ form: OpReference.Form, at place: Place, from setting: Setting? = nil) -> Target? {
    switch form {
    case .registered(let name):
      guard let op = checker.registry[name], !op.isInternal else {
        if checker.library.models?.model(name) != nil { return resolve(.file(path: name, graph: nil), at: place) }
        checker.report(.noSuchOp(name, checker.registry, at: place))
        return nil
      }
      return .op(op)
    case .graph(let name):
      guard let graph = scope.file.graphs.first(where: { $0.name == name }) else {
        checker.report(.noSuchGraph(name, in: scope.file, at: place))
        return nil
      }
      return .graph(graph, scope.file, isOtherFile: false)
    case .file(let path, let graph):
      let library = checker.library
      let resolved =
        setting.map { library.resolve(path, of: $0, from: scope.file.file) }
        ?? library.resolve(path, from: scope.file.file)
      guard let found = resolved else {
        // The index may know a model and not its ports; "taps" is one whatever the model.
        let known = checker.library.models?.model(path)
        let isKnown = !node.expect.isEmpty || known.map { !$0.outputs.isEmpty || node.taps != nil } == true
        if isKnown, !checker.needsValues { return .absent(path) }
        checker.report(
          .noSuchFile(path, suggestion: checker.library.suggestion(path, from: scope.file.file), at: place))
        return nil
      }
      guard found.hasSuffix(".json") || checker.library.source(of: found) != nil else {
        if !node.expect.isEmpty { return .absent(found) }
        checker.report(.notAGraph(path, at: place))
        return nil
      }
      let (file, faults) = checker.library.load(found)
      for fault in faults where fault.severity == .error {
        checker.report(fault.noting("opened by \"\(node.name)\"", at: place))
      }
      guard let file, faults.isEmpty else { return nil }
      if let graph {
        guard let declaration = file.graphs.first(where: { $0.name == graph }) else {
          checker.report(.noSuchGraph(graph, in: file, at: place))
          return nil
        }
        return .graph(declaration, file, isOtherFile: true)
      }
      return .graph(file.main, file, isOtherFile: true)
    }
  }
}

extension ReferenceTree {
  /// As it was written.
  var text: String {
    switch self {
    case .one(let reference): reference.text
    case .list(let items, _): "[" + items.map(\.text).joined(separator: ", ") + "]"
    }
  }
}

/// Wording of what can be wrong with what a node calls and maps over.
extension Fault {
  static func eachNeedsList(_ node: NodeDeclaration, _ port: String, _ connection: OpUse.Connection) -> Fault {
    Fault(
      "type", "node \"\(node.name)\": \"each\" maps over lists, but \(connection.text) is \(connection.wire.type)",
      at: connection.place
    ).noting([connection.line(port)])
  }

  static func unequalLists(
    _ node: NodeDeclaration, _ counts: [(String, Int)], _ each: Named<OpUse.Connection>
  ) -> Fault {
    Fault(
      "shape",
      "node \"\(node.name)\": the lists under \"each\" differ in length: "
        + counts.map { "\($0.0) has \($0.1)" }.joined(separator: ", "),
      at: node.keyPlaces["each"] ?? node.place
    ).noting(counts.compactMap { each[$0.0]?.line($0.0) })
  }

  static func keyOfNoUse(_ key: String, _ owner: String, _ node: NodeDeclaration) -> Fault {
    Fault("unknown-key", "node \"\(node.name)\": \(owner) has no use for \"\(key)\"", at: node.keyPlaces[key])
  }

  static func handsOnToOp(_ node: NodeDeclaration, _ op: String, at place: Place) -> Fault {
    Fault(
      "unknown-param", "node \"\(node.name)\": \"*\" hands params on to graphs of other files; \(op) is an op",
      at: place)
  }

  static func opNeedsText(_ node: NodeDeclaration, _ value: Literal, at place: Place) -> Fault {
    Fault(
      "param", "node \"\(node.name)\": the op must be named by a string that is not empty, but is \(value)", at: place)
  }

  static func noSuchOp(_ name: String, _ registry: Registry, at place: Place) -> Fault {
    let names = registry.publicOps.map(\.name)
    var suggestion = Suggestion.phrase(for: name, in: names)
    if suggestion.isEmpty {
      // The family is missing or another one's: "resize" for "image.resize".
      let verb = name.split(separator: ".").last ?? ""
      let same = names.filter { $0.split(separator: ".").last == verb }
      if !same.isEmpty { suggestion = " (did you mean \"\(same.joined(separator: "\" or \""))\"?)" }
    }
    return Fault("unknown-op", "there is no op \"\(name)\"\(suggestion)", at: place)
  }

  static func noSuchFile(_ path: String, suggestion: String, at place: Place) -> Fault {
    Fault("unknown-file", "there is no file \"\(path)\"\(suggestion)", at: place)
  }

  static func notAGraph(_ path: String, at place: Place) -> Fault {
    Fault("unknown-file", "\"\(path)\" is not a graph: graph files end in .json", at: place)
  }
}
