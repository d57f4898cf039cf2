import Language

extension NodeFlattening {
  /// A use of a registered numeric or host op.
  func use(
    _ op: Op, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    let names = op.outputNames
    let given = arguments()
    var opUse = OpUse(
      op: op, name: node.name, arguments: given ?? [:], connections: connections, place: node.place)
    let attributes = given == nil ? nil : opUse.attributes(checker.report)
    let wires = opUse.wires(checker.report)
    func broken() -> Scope.NodeWires { op.dynamicOutputs == nil ? .broken(names) : .unknown }
    guard let attributes, let wires, let complete = own(op, attributes, wires, opUse, in: builder) else {
      return broken()
    }
    for (port, wires) in zip(op.inputs, complete) where opUse.connections[port.name] == nil && !wires.isEmpty {
      opUse.connections[port.name] = OpUse.Connection(text: port.name, wire: wires[0], keyPlace: nil, place: nil)
    }
    let facts = self.facts(op, attributes, complete)
    var types: [ValueType]
    var ports: [String] = names
    do throws(Fault) {
      types = try op.infer(facts)
      if let dynamic = op.dynamicOutputs { ports = try dynamic(facts).map(\.name) }
    } catch {
      checker.report(.inference(opUse, error))
      return broken()
    }
    if op.isEffect, builder.depth > 0 {
      checker.report(.effectInBody(opUse))
      return broken()
    }
    if let rearranged = rearranged(op, complete) { return Scope.NodeWires(ports: [(names[0], rearranged)]) }
    types = builder.freshened(types, inputs: complete.lazy.joined().map(\.type))
    if !node.expect.isEmpty { types = expected(zip(ports, types).map { ($0, $1) }) }
    let home = builder.home(of: complete.joined(), staysHere: op.isRandom || !isDefault(node.policy))
    var policy = node.each.isEmpty ? node.policy : itemPolicy
    if op.isEffect { policy.cache = .off }
    let results = home.add(
      FlatBuilder.NodeParts(
        path: path, op: op, attributes: attributes, operands: complete,
        ports: zip(ports, types).map { ($0, $1) }, policy: policy, place: node.place, doc: node.doc))
    return Scope.NodeWires(ports: zip(ports, results).map { ($0, $1) })
  }

  /// The result of an op that only puts list elements elsewhere, where the list is known element by element: what
  /// comes after it then knows the elements too.
  private func rearranged(_ op: Op, _ wires: [[Wire]]) -> Wire? {
    guard let rearrange = op.rearrange, wires.count == 1, wires[0].count == 1, wires[0][0].elements != nil else {
      return nil
    }
    let origin = wires[0][0].origin
    var leaves: [Wire] = []
    func numbered(_ wire: Wire) -> Nested {
      if let items = wire.elements { return .list(items.map(numbered)) }
      leaves.append(wire)
      return .leaf(leaves.count - 1)
    }
    func wired(_ nested: Nested) -> Wire {
      switch nested {
      case .leaf(let index): leaves[index]
      case .list(let items): scope.list(items.map(wired), origin)
      }
    }
    return rearrange(numbered(wires[0][0])).map(wired)
  }

  /// Of a node inside a map: failures are the map's to handle.
  private var itemPolicy: FlatGraph.Policy {
    FlatGraph.Policy(cache: node.policy.cache, stream: node.policy.stream)
  }

  private func isDefault(_ policy: FlatGraph.Policy) -> Bool { policy.onError == .fail }

  /// `with`, evaluated; nil, and reported, when an expression fails.
  func arguments() -> Named<OpUse.Argument>? {
    var result = Named<OpUse.Argument>()
    result.reserveCapacity(node.settings.count)
    var isSound = true
    for member in node.settings {
      let isGuess = scope.isGuess(member.value)
      guard let value = scope.evaluate(member.value) ?? (isGuess ? .null : nil) else {
        isSound = false
        continue
      }
      result[member.key] = OpUse.Argument(
        value: value, isGuess: isGuess, isComputed: member.value.isComputed, keyPlace: member.keyPlace,
        place: member.value.place)
    }
    return isSound ? result : nil
  }

  func facts(_ op: Op, _ attributes: Attributes, _ wires: [[Wire]], _ structure: Facts.Structure? = nil) -> Facts {
    // Of most nodes nothing is known.
    let isSomeKnown = wires.contains { $0.contains { known($0) != nil } }
    return Facts(
      op: op, attributes: attributes, inputs: wires.map { $0.map(\.type) },
      known: isSomeKnown ? wires.map { $0.map { known($0) } } : [], probe: checker.probe, structure: structure)
  }

  /// The value of a wire when it is known before the run: a constant, or an input that was given.
  private func known(_ wire: Wire) -> Value? {
    if let value = wire.known { return value }
    guard case .value(let index, let builder, _, _) = wire, builder.depth == 0 else { return nil }
    guard let input = builder.graph.inputs.first(where: { $0.value == index }) else { return nil }
    return checker.inputs[input.name]
  }

  /// Connects the parameter ports that nothing is connected to: to the bound weights, or to initial ones.
  private func own(
    _ op: Op, _ attributes: Attributes, _ wires: [[Wire]], _ use: OpUse, in builder: FlatBuilder
  ) -> [[Wire]]? {
    guard op.inputs.indices.contains(where: { op.inputs[$0].isParameter && wires[$0].isEmpty }),
      let rule = op.parameters
    else { return wires }
    let types: [ValueType]
    do throws(Fault) { types = try rule(facts(op, attributes, wires)) } catch {
      checker.report(.inference(use, error))
      return nil
    }
    var result = wires
    var position = 0
    for (index, port) in op.inputs.enumerated() {
      guard case .parameter(let initializer) = port.arity else { continue }
      let type = types[position]
      position += 1
      guard wires[index].isEmpty, type != .any else { continue }
      let name = (scope.parameterPrefix ?? "") + "\(node.name).\(port.name)"
      let path = "\(scope.prefix)\(node.name).\(port.name)"
      guard let wire = scope.parameter(name, type, initializer, path: path, of: use, in: builder) else { return nil }
      result[index] = [wire]
    }
    return result
  }

  /// The types with what `expect` adds; a contradiction is reported.
  func expected(_ ports: [(String, ValueType)]) -> [ValueType] {
    for expectation in node.expect where !ports.contains(where: { $0.0 == expectation.port }) {
      checker.report(.expectedPort(node, expectation, ports.map(\.0)))
    }
    return ports.map { name, type in
      guard let expectation = node.expect.first(where: { $0.port == name }),
        let declared = checker.parse(expectation.type)
      else { return type }
      var unifier = Unifier()
      do throws(Unifier.Mismatch) { try unifier.match(declared, type) } catch {
        checker.report(.expectation(node, expectation, type, error))
        return type
      }
      return type.refined(by: declared.substituting(unifier.bindings))
    }
  }

  /// A call of a model that is not there: the ports that `expect` names.
  func absent(
    _ model: String, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    let names = connections.names.sorted()
    var ports: [(name: String, type: ValueType)] = []
    for expectation in node.expect {
      guard let type = checker.parse(expectation.type) else { return .unknown }
      ports.append((expectation.port, type))
    }
    if ports.isEmpty, let known = checker.library.models?.model(model) {
      // A type that the index has wrong is its author's to find; here it says nothing.
      ports = known.outputs.map { ($0.name, (try? ValueType(parsing: $0.type)) ?? .any) }
    }
    if node.taps != nil { ports.append(("taps", .list(.tensor(TensorType(dtype: nil, shape: nil))))) }
    if connections.contains(where: \.value.wire.isBroken) { return .broken(ports.map(\.name)) }
    checker.report(
      .modelAbsent(
        model, known: checker.library.models?.model(model), isExpected: !node.expect.isEmpty, at: node.op?.place))
    let results = builder.add(
      FlatBuilder.NodeParts(
        path: path, op: StructuralOps.absent(model, names), attributes: Attributes(),
        operands: names.map { [connections[$0]!.wire] }, ports: ports, place: node.place, doc: node.doc))
    return Scope.NodeWires(ports: zip(ports, results).map { ($0.name, $1) })
  }
}

extension ValueType {
  /// The type with unknown parts taken from `other`, which it matches.
  func refined(by other: ValueType) -> ValueType {
    switch (self, other) {
    case (.any, _): return other
    case (.tensor(var mine), .tensor(let theirs)):
      mine.dtype = mine.dtype ?? theirs.dtype
      mine.shape = mine.shape ?? theirs.shape
      mine.meaning.colour = mine.meaning.colour ?? theirs.meaning.colour
      mine.meaning.layout = mine.meaning.layout ?? theirs.meaning.layout
      mine.meaning.range = mine.meaning.range ?? theirs.meaning.range
      return .tensor(mine)
    case (.image(var mine), .image(let theirs)):
      mine.format = mine.format ?? theirs.format
      return .image(mine)
    case (.list(let mine), .list(let theirs)): return .list(mine.refined(by: theirs))
    case (.optional(let mine), .optional(let theirs)): return .optional(mine.refined(by: theirs))
    default: return self
    }
  }
}

/// Wording of what can be wrong with `expect`.
extension Fault {
  static func expectedPort(
    _ node: NodeDeclaration, _ expectation: NodeDeclaration.Expectation, _ ports: [String]
  ) -> Fault {
    Fault(
      "unknown-port",
      "node \"\(node.name)\" has no output \"\(expectation.port)\" to expect\(Suggestion.phrase(for: expectation.port, in: ports)); it has \(ports.joined(separator: ", "))",
      at: expectation.portPlace)
  }

  static func expectation(
    _ node: NodeDeclaration, _ expectation: NodeDeclaration.Expectation, _ type: ValueType,
    _ mismatch: Unifier.Mismatch
  ) -> Fault {
    Fault(
      "expect", "node \"\(node.name)\": output \(expectation.port) is \(type): \(mismatch.text)",
      at: expectation.type.place)
  }

  static func modelAbsent(_ model: String, known: KnownModel?, isExpected: Bool, at place: Place?) -> Fault {
    let hint = known.map { " (\($0.pull))" } ?? ""
    let source = isExpected || known == nil ? "\"expect\"" : "the model index"
    return Fault(
      "missing-file",
      "the model \"\(model)\" is not there\(hint): it is checked by what \(source) says", at: place,
      severity: .warning)
  }
}

/// Wording of what can be wrong with ops that change a store.
extension Fault {
  static func effectInBody(_ use: OpUse) -> Fault {
    Fault(
      "effect",
      "\(use.title) changes a store: it cannot stand in a loop, a branch or a map over a list of unknown length, "
        + "which may be answered from the cache",
      at: use.place)
  }

  static func effectIsRead(_ effect: FlatGraph.Node, by reader: FlatGraph.Node) -> Fault {
    Fault(
      "effect",
      "\(reader.path) reads \(effect.path), which changes a store: its results may only be outputs of the graph",
      at: reader.place
    ).noting("\(effect.op.name) stands at", at: effect.place)
  }
}
