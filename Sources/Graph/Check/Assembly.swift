import Language
import Tensors

/// Takes in the nodes of a foreign graph: checks and infers each like a node of a file.
final class Assembly: GraphAssembly {
  /// What the values stand for; shared with the assemblies of bodies.
  private final class Table { var wires: [Wire] = [] }

  private let checker: Checker
  private let builder: FlatBuilder
  /// In front of every path.
  private let prefix: String
  private let table: Table
  private let place: Place?

  var registry: Registry { checker.registry }

  init(_ scope: Scope) {
    checker = scope.checker
    builder = scope.builder
    prefix = scope.prefix
    table = Table()
    place = scope.opener
  }

  private init(inside outer: Assembly, _ builder: FlatBuilder) {
    checker = outer.checker
    self.builder = builder
    prefix = outer.prefix
    table = outer.table
    place = outer.place
  }

  func value(_ wire: Wire) -> GraphValue {
    table.wires.append(wire)
    return GraphValue(index: table.wires.count - 1)
  }

  func wire(_ value: GraphValue) -> Wire { table.wires[value.index] }

  func type(of value: GraphValue) -> ValueType { wire(value).type }

  func known(_ value: GraphValue) -> Value? { wire(value).known }

  func constant(_ constant: Value, type: ValueType) -> GraphValue {
    value(.constant(constant, type, Wire.Origin(text: "in the model", place: place)))
  }

  func add(
    _ op: Op, _ operands: [[GraphValue]], _ settings: [String: Literal], name: String
  ) throws(Fault) -> [GraphValue] {
    guard checker.countInstance() else { throw .modelTooLarge(checker.maximumNodes) }
    var connections = Named<OpUse.Connection>()
    for (port, values) in zip(op.inputs, operands) where port.arity == .variadic || !values.isEmpty {
      let wires = values.map(wire)
      connections[port.name] = OpUse.Connection(
        text: wires.first?.origin.text ?? "",
        wire: port.arity == .variadic ? .list(wires, Wire.Origin(text: "in the model", place: nil)) : wires[0],
        keyPlace: nil, place: nil)
    }
    var arguments = Named<OpUse.Argument>()
    for (name, value) in settings {
      arguments[name] = OpUse.Argument(value: value, isGuess: false, keyPlace: nil, place: nil)
    }
    let use = OpUse(op: op, name: name, arguments: arguments, connections: connections, place: nil)
    var faults: [Fault] = []
    guard let attributes = use.attributes({ faults.append($0) }), let wires = use.wires({ faults.append($0) }) else {
      throw faults[0]
    }
    let facts = Facts(
      op: op, attributes: attributes, inputs: wires.map { $0.map(\.type) }, known: wires.map { $0.map(\.known) },
      probe: checker.probe)
    var types: [ValueType]
    var ports = op.outputNames
    do throws(Fault) {
      types = try op.infer(facts)
      if let dynamic = op.dynamicOutputs { ports = try dynamic(facts).map(\.name) }
    } catch { throw .inference(use, error) }
    types = builder.freshened(types.map(\.plain), inputs: wires.flatMap { $0.map(\.type) })
    let home = builder.home(of: wires.flatMap { $0 }, staysHere: op.isRandom)
    let results = home.add(
      FlatBuilder.NodeParts(
        path: prefix + name, op: op, attributes: attributes, operands: wires,
        ports: zip(ports, types).map { ($0, $1) }, place: place))
    return results.map(value)
  }

  func branch(
    _ condition: GraphValue, name: String, then: ForeignBody, otherwise: ForeignBody
  ) throws(Fault) -> [GraphValue] {
    let bodies = [try arm(then), try arm(otherwise)]
    let ports = zip(bodies[0].types, bodies[1].types).enumerated().map { index, types in
      (name: String(index), type: types.0.joined(with: types.1))
    }
    let op = try registry.op("core.if")
    let results = builder.add(
      FlatBuilder.NodeParts(
        path: prefix + name, op: op, attributes: Attributes(), operands: op.inputs.map { _ in [] }, ports: ports,
        structure: .branch(
          condition: builder.operand(wire(condition)), then: bodies[0].body, otherwise: bodies[1].body),
        place: place))
    return results.map(value)
  }

  private func arm(_ fill: ForeignBody) throws(Fault) -> (body: FlatGraph.Body, types: [ValueType]) {
    let child = FlatBuilder(parent: builder, isBarrier: true)
    let wires = try fill(Assembly(inside: self, child)).map(wire)
    for (index, wire) in wires.enumerated() { child.output(String(index), wire, place: place) }
    return (child.body(), wires.map(\.type))
  }

  func loop(
    steps: Int?, states: [GraphValue], collected: Int, name: String, body: ForeignLoopBody
  ) throws(Fault) -> [GraphValue] {
    var types = states.map { type(of: $0) }
    while true {
      let child = FlatBuilder(parent: builder)
      let inner = Assembly(inside: self, child)
      let inputs = types.enumerated().map { index, type in
        inner.value(
          child.input(
            "state\(index)", type, place: place ?? Place(file: prefix, line: 1, column: 1), origin: "the state",
            binding: .state(index)))
      }
      let wires = try body(inner, inputs).map(wire)
      let next = zip(types, wires).map { $0.joined(with: $1.type) }
      // What changes from round to round is not known inside.
      guard next == types else {
        types = next
        continue
      }
      return try finish(
        child, wires, types: types, steps: steps, states: states, collected: collected, name: name)
    }
  }

  private func finish(
    _ child: FlatBuilder, _ wires: [Wire], types: [ValueType], steps: Int?, states: [GraphValue], collected: Int,
    name: String
  ) throws(Fault) -> [GraphValue] {
    for (index, wire) in wires.enumerated() {
      let name =
        index < states.count
        ? "state\(index)" : index == states.count ? "finished" : "item\(index - states.count - 1)"
      child.output(name, wire, place: place)
    }
    let items = (0..<collected).map { "item\($0)" }
    let plan = FlatGraph.LoopPlan(steps: steps, condition: "finished", keep: items.map { ($0, .all) })
    var ports = types.enumerated().map { ("state\($0)", $1) }
    for (index, item) in items.enumerated() { ports.append((item, .list(wires[states.count + 1 + index].type))) }
    let op = try registry.op("core.loop")
    let results = builder.add(
      FlatBuilder.NodeParts(
        path: prefix + name, op: op, attributes: Attributes(), operands: op.inputs.map { _ in [] }, ports: ports,
        structure: .loop(
          child.body(),
          states: zip(types.indices, states).map {
            FlatGraph.State(name: "state\($0)", start: builder.operand(wire($1)))
          }, plan), place: place))
    return results.map(value)
  }
}

extension ValueType {
  /// The type without what its numbers mean: a foreign graph does not say.
  fileprivate var plain: ValueType {
    guard case .tensor(var type) = self else { return self }
    type.meaning = Meaning()
    return .tensor(type)
  }
}

/// Wording of what can be wrong with opening a foreign graph.
extension Fault {
  static func modelTooLarge(_ limit: Int) -> Fault {
    Fault("too-large", "the graph opens up to more than \(limit) nodes")
  }
}
