import Language

/// Finds, before anything runs, what stands between a loss and what it is minimised over.
enum Differentiability {
  /// One fault per node on a path from `wrt` to the loss that has no gradient, and one when there is no path at all.
  static func faults(_ body: FlatGraph.Body, loss: String) -> [Fault] {
    let graph = body.graph
    var active = Array(repeating: false, count: graph.types.count)
    var sources: [(name: String, value: Int, place: Place?)] = []
    for (input, binding) in zip(graph.inputs, body.bindings) {
      if case .wrt = binding {
        active[input.value] = true
        sources.append((input.name, input.value, input.place))
      }
    }
    for node in graph.nodes where node.allOperands.contains(where: { $0.values.contains { active[$0] } }) {
      for result in node.results { active[result] = true }
    }
    guard let output = graph.outputs.first(where: { $0.name == loss }) else { return [] }
    var wanted = Set(output.operand.values)
    var faults: [Fault] = []
    for node in graph.nodes.reversed() where node.results.contains(where: { wanted.contains($0) && active[$0] }) {
      for operand in node.allOperands { wanted.formUnion(operand.values.filter { active[$0] }) }
      // Taking a parameter out of weights that are optimised is no computation.
      if node.parameterName != nil { continue }
      // What a model that is missing would do is not known.
      if node.op.name == StructuralOps.absentName { continue }
      guard case .numeric(let numeric) = node.op.action, numeric.gradient != nil else {
        faults.append(.noGradient(node))
        continue
      }
    }
    if faults.isEmpty {
      for source in sources where !wanted.contains(source.value) {
        faults.append(.lossIgnores(source.name, loss, at: source.place))
      }
    }
    return faults
  }
}

extension Fault {
  static func noGradient(_ node: FlatGraph.Node) -> Fault {
    Fault(
      "gradient",
      "\(node.op.name) \"\(node.path)\" has no gradient, but the loss depends on what is optimised through it",
      at: node.place)
  }

  static func lossIgnores(_ name: String, _ loss: String, at place: Place?) -> Fault {
    Fault("gradient", "the loss \"\(loss)\" does not depend on \"\(name)\", which is to be optimised", at: place)
  }
}
