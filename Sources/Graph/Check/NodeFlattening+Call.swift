import Language

extension NodeFlattening {
  /// Opens a graph in place.
  func call(
    _ declaration: GraphDeclaration, _ file: GraphFile, isOtherFile: Bool, _ connections: Named<OpUse.Connection>,
    in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    let names = declaration.outputs.map(\.name)
    guard let connections = inOrder(connections, declaration) else { return .broken(names) }
    guard let environment = environment(for: file, isOtherFile: isOtherFile) else { return .broken(names) }
    let scope = Scope(
      checker: checker, file: file, environment: environment, declaration: declaration, builder: builder,
      prefix: path + "/")
    scope.opener = node.op?.place ?? node.place
    guard connect(scope, connections) else { return .broken(names) }

    // A call from outside any network starts one: its parameters are named from here. Inside, names grow.
    if let bound = self.scope.bind(node.weights) ?? scope.bind(declaration.weights) {
      scope.weights = bound
      scope.parameterPrefix = ""
    } else if node.weights != nil, case .initial = self.scope.weights {
      // Weights that were left out: the network starts here all the same, and has the same initial weights wherever it
      // is called from.
      scope.parameterPrefix = ""
    } else if let outer = self.scope.parameterPrefix {
      scope.weights = self.scope.weights
      scope.parameterPrefix = outer + node.name + "."
    } else {
      scope.weights = self.scope.weights
      scope.parameterPrefix = ""
    }

    builder.open(
      path,
      FlatGraph.Call(
        op: isOtherFile ? file.file : "graph:\(declaration.name ?? "")", isOtherFile: isOtherFile,
        doc: node.doc ?? declaration.doc))
    guard
      let outputs = checker.opening(
        "\(file.file)#\(declaration.name ?? "")", environment.values, title(declaration, file), for: node,
        scope.outputs)
    else {
      return .broken(names)
    }
    var wires = Scope.NodeWires(ports: outputs.map { ($0.name, $1) }, inner: [scope])
    let types = expected(wires.ports.map { ($0.name, $0.wire.type) })
    wires.ports = zip(wires.ports, types).map { ($0.name, $0.wire.typed($1)) }
    if let taps = taps(in: wires) { wires.ports.append(("taps", taps)) }
    return wires
  }

  /// The graph for messages, as this file names it.
  private func title(_ declaration: GraphDeclaration, _ file: GraphFile) -> String {
    declaration.name.map { file.file == scope.file.file ? "graph:\($0)" : "\(file.file)#\($0)" } ?? file.file
  }

  /// Opens the graph of a body. Networks in it are named as they would be beside the node, so that a body and what
  /// stands around it share their parameters.
  func openBody(
    _ declaration: GraphDeclaration, _ file: GraphFile, _ connections: Named<OpUse.Connection>,
    in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    let isOtherFile = file.file != scope.file.file
    let environment =
      isOtherFile
      ? ParamValues(checker: checker, file: file).environment(
        given: [:], givenFrom: nil, owner: "node \"\(node.name)\": \(file.file)", placeOf: { _ in nil })
      : scope.environment
    let inner = Scope(
      checker: checker, file: file, environment: environment, declaration: declaration, builder: builder,
      prefix: path + "/")
    inner.opener = node.place
    guard connect(inner, connections) else { return .unknown }
    inner.parameterPrefix = scope.parameterPrefix
    inner.weights = inner.bind(declaration.weights) ?? scope.weights
    guard
      let outputs = checker.opening(
        "\(file.file)#\(declaration.name ?? "")", environment.values, title(declaration, file), for: node,
        inner.outputs)
    else { return .unknown }
    return Scope.NodeWires(ports: outputs.map { ($0.name, $1) }, inner: [inner])
  }

  /// The params of the called graph: its own file's, or, for a graph of another file, what `with` gives.
  private func environment(for file: GraphFile, isOtherFile: Bool) -> Environment? {
    guard let given = arguments().map({ isOtherFile ? handedOn($0, to: file) : $0 }) else { return nil }
    if !isOtherFile {
      guard given.isEmpty, node.handsOn == nil else {
        checker.report(.sharedParams(node, at: node.settingsPlace))
        return nil
      }
      return scope.environment
    }
    return ParamValues(checker: checker, file: file).environment(
      given: given.mapValues(\.value), givenFrom: scope.file.file,
      guesses: Set(given.filter(\.value.isGuess).names), computed: Set(given.filter(\.value.isComputed).names),
      owner: "node \"\(node.name)\": \(file.file)",
      placeOf: { given[$0]?.keyPlace })
  }

  /// What `with` names, and what its `"*"` adds.
  private func handedOn(_ given: Named<OpUse.Argument>, to file: GraphFile) -> Named<OpUse.Argument> {
    guard let handsOn = node.handsOn else { return given }
    let names = Set(file.params.map(\.name))
    var result = given
    for param in scope.file.params where names.contains(param.name) && given[param.name] == nil {
      guard let value = scope.environment.values[param.name] else { continue }
      guard handsOn.value == .same || scope.environment.given.contains(param.name) else { continue }
      result[param.name] = OpUse.Argument(
        value: value, isGuess: scope.environment.unset.contains(param.name), isComputed: true,
        keyPlace: handsOn.place, place: handsOn.place)
    }
    return result
  }

  /// Wires the inputs of the opened graph; extents are scoped to this call.
  private func connect(_ inner: Scope, _ connections: Named<OpUse.Connection>) -> Bool {
    let declared = inner.declaration.inputs
    let unknown = connections.filter { name, _ in !declared.contains { $0.name == name } }
    for (name, connection) in unknown {
      checker.report(.noSuchGraphInput(node, name, declared.map(\.name), at: connection.keyPlace))
    }
    var isSound = unknown.isEmpty
    // Extents may be named before the input that settles them: two rounds, the first only to bind them.
    var unifier = Unifier()
    var types: [String: ValueType] = [:]
    for input in declared {
      guard let type = checker.parse(input.type) else {
        isSound = false
        continue
      }
      types[input.name] = type
      if let wire = connections[input.name]?.wire, !wire.isBroken, !wire.isAbsent {
        try? unifier.match(input.isOptional ? .optional(type) : type, wire.type)
      }
    }
    for input in declared {
      guard let type = types[input.name] else { continue }
      guard let connection = connections[input.name] else {
        if input.isOptional {
          inner.inputs[input.name] = .constant(
            .none, .optional(type), Wire.Origin(text: "not connected", place: input.place))
        } else {
          if unknown.isEmpty { checker.report(.missingGraphInput(node, input)) }
          isSound = false
        }
        continue
      }
      if connection.wire.isBroken {
        isSound = false
        continue
      }
      do throws(Unifier.Mismatch) {
        try unifier.match(input.isOptional ? .optional(type) : type, connection.wire.type)
      } catch {
        checker.report(.graphInputMismatch(node, input, type, connection, error))
        isSound = false
        continue
      }
      let declaredType = inner.builder.freshened([type], bindings: unifier.bindings)[0]
      let origin = Wire.Origin(
        text: "declared at", place: input.place,
        earlier: [connection.wire.origin.note(connection.text)] + connection.wire.origin.earlier)
      inner.inputs[input.name] = connection.wire.typed(connection.wire.type.refined(by: declaredType), origin: origin)
    }
    return isSound
  }

  /// The connections by name: `*` stands for all inputs in the order of their declaration, for models whose names are
  /// nothing to rely on.
  private func inOrder(
    _ connections: Named<OpUse.Connection>, _ declaration: GraphDeclaration
  ) -> Named<OpUse.Connection>? {
    guard let all = connections["*"] else { return connections }
    var wires = [all.wire]
    if case .list(let items, _) = all.wire { wires = items }
    guard connections.count == 1, wires.count <= declaration.inputs.count else {
      checker.report(
        .tooManyInputs(node, wires.count, declaration.inputs.map(\.name), connections.count, at: all.keyPlace))
      return nil
    }
    var named = Named<OpUse.Connection>()
    for (input, wire) in zip(declaration.inputs, wires) {
      named[input.name] = OpUse.Connection(text: all.text, wire: wire, keyPlace: all.keyPlace, place: all.place)
    }
    return named
  }

  /// The list that `taps` asks for, in its order; `*` stands for all outputs.
  private func taps(in wires: Scope.NodeWires) -> Wire? {
    guard let setting = node.taps else { return nil }
    guard let value = scope.evaluate(setting) else { return .broken }
    var names: [String] = []
    switch value {
    case .string(let name): names = [name]
    case .array(let items):
      for case .string(let name) in items { names.append(name) }
      guard names.count == items.count else { fallthrough }
    default:
      checker.report(.tapsNeedNames(node, value, at: setting.place))
      return .broken
    }
    var found: [Wire] = []
    if names == ["*"] { found = wires.ports.map(\.wire) }
    for name in names where names != ["*"] {
      guard let wire = scope.tap(name, in: wires) else {
        checker.report(.noSuchTap(node, name, scope.tapNames(in: wires), at: setting.place))
        return .broken
      }
      found.append(wire)
    }
    return scope.list(found, Wire.Origin(text: "taps of \(node.name)", place: setting.place))
  }
}

/// Wording of what can be wrong with calls of graphs.
extension Fault {
  static func sharedParams(_ node: NodeDeclaration, at place: Place?) -> Fault {
    Fault(
      "unknown-key", "node \"\(node.name)\": a graph of the same file shares its params; \"with\" is for other files",
      at: place)
  }

  static func noSuchGraphInput(_ node: NodeDeclaration, _ name: String, _ names: [String], at place: Place?) -> Fault {
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-port",
      "node \"\(node.name)\": the graph has no input \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)",
      at: place)
  }

  static func missingGraphInput(_ node: NodeDeclaration, _ input: InputDeclaration) -> Fault {
    Fault(
      "missing-input", "node \"\(node.name)\" needs the input \"\(input.name)\": \(input.type.value)", at: node.place
    ).noting("declared at", at: input.place)
  }

  static func graphInputMismatch(
    _ node: NodeDeclaration, _ input: InputDeclaration, _ type: ValueType, _ connection: OpUse.Connection,
    _ mismatch: Unifier.Mismatch
  ) -> Fault {
    let hint = hint(type, connection.wire.type).map { "; \($0)" } ?? ""
    return Fault(
      mismatch.code, "node \"\(node.name)\": input \(input.name): \(mismatch.text)\(hint)",
      at: connection.place ?? node.place
    )
    .noting([connection.line(input.name)]).noting("@\(input.name) is declared as \(input.type.value)", at: input.place)
  }

  static func tooManyInputs(
    _ node: NodeDeclaration, _ given: Int, _ names: [String], _ keys: Int, at place: Place?
  ) -> Fault {
    let problem = keys > 1 ? "\"*\" gives all inputs, so that none can be named" : "\"*\" gives \(given) inputs"
    return Fault(
      "unknown-port",
      "node \"\(node.name)\": \(problem); the graph has \(names.isEmpty ? "none" : names.joined(separator: ", "))",
      at: place)
  }

  static func tapsNeedNames(_ node: NodeDeclaration, _ value: Literal, at place: Place) -> Fault {
    Fault("param", "node \"\(node.name)\": \"taps\" takes a list of names, not \(value)", at: place)
  }

  static func noSuchTap(_ node: NodeDeclaration, _ name: String, _ names: [String], at place: Place) -> Fault {
    Fault(
      "unknown-port",
      "node \"\(node.name)\": there is nothing to tap called \"\(name)\"\(Suggestion.phrase(for: name, in: names))",
      at: place)
  }
}
