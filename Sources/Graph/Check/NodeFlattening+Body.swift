import Language

extension NodeFlattening {
  /// `optim.minimize`: a body, a loss, and what it is minimised over.
  func minimize(
    _ op: Op, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    guard let (given, attributes) = settings(op), let target = bodyTarget(node.body, "body") else { return .unknown }
    // Ports of the op's own; everything else goes to the bodies.
    let own = op.inputs.map { port in connections[port.name].map { [$0.wire] } ?? [] }
    let connections = connections.filter { name, _ in !op.inputs.contains { $0.name == name } }
    guard !own.contains(where: { $0.contains(where: \.isBroken) }) else { return .unknown }
    var validation: Target?
    if node.validate != nil {
      guard let found = bodyTarget(node.validate, "validate") else { return .unknown }
      validation = found
    }
    guard !node.wrt.isEmpty else {
      checker.report(.nothingToOptimise(node))
      return .unknown
    }
    guard areUsed(connections, by: [target] + (validation.map { [$0] } ?? [])) else { return .unknown }
    guard let training = measured(target, connections, isTraining: true, in: builder, path: path) else {
      return .unknown
    }
    let body = training.wires
    for state in training.states where !body.ports.contains(where: { $0.name == state.name }) {
      checker.report(.stateNotReturned(node, state.name))
      return .unknown
    }
    guard let loss = lossName(body) else { return .unknown }
    guard let plan = plan(op, outputs: body.ports.map(\.name) + training.wrt.map(\.name)) else { return .unknown }
    var measuring: FlatGraph.Body?
    if let validation {
      guard
        let found = measured(
          validation, connections, isTraining: false, in: builder, path: path + "/validate")
      else { return .unknown }
      measuring = found.body
    }
    for fault in Differentiability.faults(training.body, loss: loss) {
      checker.report(fault.noting("\(node.name) minimises \(loss)", at: node.loss?.place ?? node.place))
    }
    return finish(
      op, attributes, given,
      .minimize(
        training.body, validation: measuring, wrt: training.wrt, states: training.states, loss: loss, plan),
      own: own, states: training.types, wrtCount: training.wrt.count, body: body, plan, loss: loss, in: builder,
      path: path)
  }

  /// A body of a minimisation.
  private struct Measured {
    let body: FlatGraph.Body
    let wires: Scope.NodeWires
    let wrt: [FlatGraph.State]
    let states: [FlatGraph.State]
    /// Of `wrt`, then of the states.
    let types: [(String, ValueType)]
  }

  /// Opens a body over what is optimised and carried; a stream gives it an element per step. A body that only measures
  /// need not read everything.
  private func measured(
    _ target: Target, _ connections: Named<OpUse.Connection>, isTraining: Bool, in builder: FlatBuilder,
    path: String
  ) -> Measured? {
    let child = FlatBuilder(parent: builder)
    guard let (wrt, wrtWires) = states(node.wrt, of: builder, in: child, origin: "what is optimised", { .wrt($0) }),
      let (states, stateWires) = states(node.state, of: builder, in: child, origin: "the state", { .state($0) })
    else { return nil }
    var inside = accepted(connections, by: target)
    for (name, connection) in inside {
      guard case .stream(let element) = connection.wire.type else { continue }
      let wire = child.input(
        name, element, place: connection.place, origin: "an element of \(connection.text)",
        binding: .each(builder.operand(connection.wire)))
      inside[name] = OpUse.Connection(
        text: connection.text, wire: wire, keyPlace: connection.keyPlace, place: connection.place)
    }
    var carried = Named<OpUse.Connection>()
    for (name, connection) in wrtWires + stateWires where carried[name] == nil { carried[name] = connection }
    for (name, connection) in isTraining ? carried : accepted(carried, by: target) { inside[name] = connection }
    let body = instantiateBody(target, inside, in: child, path: path).present
    guard !body.isUnknown, !body.ports.contains(where: \.wire.isBroken) else { return nil }
    for port in body.ports { child.output(port.name, port.wire, place: node.place) }
    return Measured(
      body: child.body(), wires: body, wrt: wrt, states: states,
      types: (wrtWires + stateWires).map { ($0.0, $0.1.wire.type) })
  }

  /// Whether every connection is wanted by one of the bodies; reported where none wants it.
  private func areUsed(_ connections: Named<OpUse.Connection>, by targets: [Target]) -> Bool {
    var names: [String] = []
    for case .graph(let declaration, _, _) in targets { names += declaration.inputs.map(\.name) }
    // A body that is no graph is told of by itself.
    guard !names.isEmpty else { return true }
    let unused = connections.filter { name, _ in !names.contains(name) }
    for (name, connection) in unused.sorted(by: { $0.key < $1.key }) {
      checker.report(.noSuchGraphInput(node, name, names, at: connection.keyPlace))
    }
    return unused.isEmpty
  }

  /// `core.loop`: a body whose outputs of a state's name carry it to the next round.
  func loop(
    _ op: Op, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    guard let (given, attributes) = settings(op), let target = bodyTarget(node.body, "body") else { return .unknown }
    let child = FlatBuilder(parent: builder)
    guard let (states, wires) = states(node.state, of: builder, in: child, origin: "the state", { .state($0) }) else {
      return .unknown
    }
    var inside = connections
    for (name, connection) in wires { inside[name] = connection }
    let body = instantiateBody(target, inside, in: child, path: path).present
    guard !body.isUnknown, !body.ports.contains(where: \.wire.isBroken) else { return .unknown }
    for state in states where !body.ports.contains(where: { $0.name == state.name }) {
      checker.report(.stateNotReturned(node, state.name))
      return .unknown
    }
    guard let plan = plan(op, outputs: body.ports.map(\.name)) else { return .unknown }
    for port in body.ports { child.output(port.name, port.wire, place: node.place) }
    return finish(
      op, attributes, given, .loop(child.body(), states: states, plan), own: [],
      states: wires.map { ($0.0, $0.1.wire.type) },
      wrtCount: 0, body: body, plan, loss: nil, in: builder, path: path)
  }

  /// `core.if`: one of two graphs with the same inputs. A condition known from params picks one before the run.
  func branch(
    _ op: Op, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    guard let (_, attributes) = settings(op), let then = bodyTarget(node.then, "then") else { return .unknown }
    let otherwise = node.otherwise == nil ? nil : bodyTarget(node.otherwise, "else")
    if node.otherwise != nil, otherwise == nil { return .unknown }
    var inside = connections
    let condition = inside["condition"]
    inside["condition"] = nil
    if case .bool(let known)? = attributes["condition"] {
      return chosen(known, then, otherwise, inside, in: builder, path: path)
    }
    guard let condition, !condition.wire.isBroken else {
      if condition == nil { checker.report(.conditionNeeded(node)) }
      return .unknown
    }
    var bodies: [(body: FlatGraph.Body, ports: [(name: String, wire: Wire)])] = []
    for target in [then, otherwise].compactMap({ $0 }) {
      let child = FlatBuilder(parent: builder, isBarrier: true)
      let wires = instantiateBody(target, accepted(inside, by: target), in: child, path: path)
      guard !wires.isUnknown, !wires.ports.contains(where: \.wire.isBroken) else { return .unknown }
      for port in wires.ports { child.output(port.name, port.wire, place: node.place) }
      bodies.append((child.body(), wires.ports))
    }
    let others = bodies.count > 1 ? bodies[1].ports : []
    var ports = bodies[0].ports.map { port -> (name: String, type: ValueType) in
      let other = others.first { $0.name == port.name }?.wire.type
      return (port.name, other.map { port.wire.type.joined(with: $0) } ?? .optionally(port.wire.type))
    }
    for port in others where !ports.contains(where: { $0.name == port.name }) {
      ports.append((port.name, .optionally(port.wire.type)))
    }
    let results = builder.add(
      FlatBuilder.NodeParts(
        path: path, op: op, attributes: attributes, operands: op.inputs.map { _ in [] }, ports: ports,
        policy: node.policy,
        structure: .branch(
          condition: builder.operand(condition.wire), then: bodies[0].body,
          otherwise: bodies.count > 1 ? bodies[1].body : nil),
        place: node.place, doc: node.doc))
    return Scope.NodeWires(ports: zip(ports, results).map { ($0.name, $1) })
  }

  /// The branch that a condition known before the run picks; without one, its outputs are known to be absent.
  private func chosen(
    _ condition: Bool, _ then: Target, _ otherwise: Target?, _ connections: Named<OpUse.Connection>,
    in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    if let target = condition ? then : otherwise {
      var wires = instantiateBody(target, accepted(connections, by: target), in: builder, path: path)
      guard case .graph(let other, _, _)? = condition ? otherwise : then else { return wires }
      wires.ports += absent(other.outputs.map(\.name).filter { name in !wires.ports.contains { $0.name == name } })
      return wires
    }
    guard case .graph(let declaration, _, _) = then else { return .unknown }
    return Scope.NodeWires(ports: absent(declaration.outputs.map(\.name)))
  }

  private func absent(_ names: [String]) -> [(name: String, wire: Wire)] {
    let origin = Wire.Origin(text: "absent: the condition of \(node.name) is settled", place: node.place)
    return names.map { ($0, .constant(.none, .optional(.any), origin)) }
  }

  /// The connections a branch takes; the branches of one `core.if` may take different ones.
  private func accepted(
    _ connections: Named<OpUse.Connection>, by target: Target
  ) -> Named<OpUse.Connection> {
    switch target {
    case .graph(let declaration, _, _):
      connections.filter { name, _ in declaration.inputs.contains { $0.name == name } }
    case .op(let op): connections.filter { name, _ in op.inputs.contains { $0.name == name } }
    case .absent: connections
    }
  }

  private func settings(_ op: Op) -> (Named<OpUse.Argument>, Attributes)? {
    guard let given = arguments() else { return nil }
    let use = OpUse(op: op, name: node.name, arguments: given, connections: [:], place: node.place)
    guard let attributes = use.attributes(checker.report) else { return nil }
    return (given, attributes)
  }

  private func bodyTarget(_ reference: OpReference?, _ key: String) -> Target? {
    guard let reference else {
      checker.report(.bodyNeeded(node, key))
      return nil
    }
    guard case .text(let form) = reference.source else { return nil }
    return resolve(form, at: reference.place)
  }

  /// The body's own node settings are not this node's: taps, weights and `with` belong to the nodes inside.
  private func instantiateBody(
    _ target: Target, _ connections: Named<OpUse.Connection>, in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    guard case .graph(let declaration, let file, _) = target else {
      checker.report(.bodyIsNoGraph(node))
      return .unknown
    }
    return openBody(declaration, file, connections, in: builder, path: path)
  }

  private func states(
    _ bindings: [PortBinding], of builder: FlatBuilder, in child: FlatBuilder, origin: String,
    _ binding: (Int) -> FlatGraph.Body.Binding
  ) -> ([FlatGraph.State], [(String, OpUse.Connection)])? {
    var states: [FlatGraph.State] = []
    var wires: [(String, OpUse.Connection)] = []
    for (index, entry) in bindings.enumerated() {
      let start = scope.wire(entry.value)
      if start.isBroken { return nil }
      let wire = child.input(
        entry.port, start.type, place: entry.portPlace, origin: origin, binding: binding(index))
      states.append(FlatGraph.State(name: entry.port, start: builder.operand(start)))
      wires.append(
        (
          entry.port,
          OpUse.Connection(
            text: entry.value.text, wire: wire, keyPlace: entry.portPlace, place: entry.value.place)
        ))
    }
    return (states, wires)
  }

  private func lossName(_ body: Scope.NodeWires) -> String? {
    let names = body.ports.map(\.name)
    guard let loss = node.loss else {
      if names.count == 1 { return names[0] }
      checker.report(.lossNeeded(node, names))
      return nil
    }
    guard let port = body.ports.first(where: { $0.name == loss.value }) else {
      checker.report(.noSuchLoss(node, loss, names))
      return nil
    }
    let isScalar =
      port.wire.type.tensor.map { ($0.shape ?? []).allSatisfy { $0.value == 1 } } ?? (port.wire.type == .any)
    guard isScalar else {
      checker.report(.lossNotScalar(node, loss, port.wire))
      return nil
    }
    return loss.value
  }

  /// Adds the node: ports are the states, what is kept, and whatever else the op declares.
  private func finish(
    _ op: Op, _ attributes: Attributes, _ given: Named<OpUse.Argument>, _ structure: FlatGraph.Structure,
    own: [[Wire]], states: [(String, ValueType)], wrtCount: Int, body: Scope.NodeWires, _ plan: FlatGraph.LoopPlan,
    loss: String?,
    in builder: FlatBuilder, path: String
  ) -> Scope.NodeWires {
    let facts = facts(
      op, attributes, own,
      Facts.Structure(
        bodyOutputs: body.ports.map { ($0.name, $0.wire.type) }, wrt: Array(states.prefix(wrtCount)),
        state: Array(states.dropFirst(wrtCount)), keep: plan.keep.map { ($0.name, $0.mode.rawValue) }, loss: loss))
    let extra: [Port]
    do throws(Fault) { extra = try op.dynamicOutputs?(facts) ?? [] } catch {
      checker.report(
        .inference(OpUse(op: op, name: node.name, arguments: given, connections: [:], place: node.place), error))
      return .unknown
    }
    var ports: [(name: String, type: ValueType)] = states.map { ($0.0, $0.1) }
    for kept in plan.keep {
      let type = (body.ports.first { $0.name == kept.name }?.wire.type) ?? states.first { $0.0 == kept.name }?.1 ?? .any
      let name = FlatGraph.LoopPlan.port(kept.name, kept.mode, states: states.map(\.0))
      if !ports.contains(where: { $0.name == name }) { ports.append((name, kept.mode == .all ? .list(type) : type)) }
    }
    for port in extra where !ports.contains(where: { $0.name == port.name }) { ports.append((port.name, port.type)) }
    let results = builder.add(
      FlatBuilder.NodeParts(
        path: path, op: op, attributes: attributes, operands: own, ports: ports,
        policy: node.policy, structure: structure, place: node.place, doc: node.doc))
    return Scope.NodeWires(ports: zip(ports, results).map { ($0.name, $1) })
  }
}

extension Scope.NodeWires {
  /// Without the outputs that are known to be absent: a body that is run again and again has none of them.
  fileprivate var present: Scope.NodeWires {
    var result = self
    result.ports.removeAll(where: \.wire.isAbsent)
    return result
  }
}
