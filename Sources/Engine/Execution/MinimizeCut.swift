import Graph
import Language

/// How a body of a minimise node is cut: what depends on the values being optimised, on those carried along, on streams
/// or on random numbers becomes one region; everything else is evaluated once, before the first step.
struct MinimizeCut {
  /// Where a value that enters the region comes from, where it may differ from step to step.
  enum Origin {
    case wrt(Int)
    case state(Int)
    case stream(FlatGraph.Operand)
    /// The parameter that a node takes out of the weights `wrt`.
    case parameter(wrt: Int, node: Int)
  }

  let body: FlatGraph.Body
  /// Nodes of the region, in order; all numeric.
  let moving: [Int]
  /// Values that these read and that do not move: evaluated once.
  let fixed: [Int]
  /// By value.
  let origins: [Int: Origin]
  /// Nodes that take a parameter, in order.
  let parameters: [Int]

  init(_ body: FlatGraph.Body, pathPrefix: String) throws(Fault) {
    let graph = body.graph
    var isMoving = Array(repeating: false, count: graph.types.count)
    var origins: [Int: Origin] = [:]
    for (input, binding) in zip(graph.inputs, body.bindings) {
      switch binding {
      case .wrt(let index): origins[input.value] = .wrt(index)
      case .state(let index): origins[input.value] = .state(index)
      case .each(let operand): origins[input.value] = .stream(operand)
      case .shared: continue
      }
      isMoving[input.value] = true
    }
    var needed = Array(repeating: false, count: graph.types.count)
    for output in graph.outputs { for value in output.operand.values { needed[value] = true } }
    for node in graph.nodes.reversed() where node.results.contains(where: { needed[$0] }) {
      for operand in node.allOperands { for value in operand.values { needed[value] = true } }
    }
    var moving: [Int] = []
    var parameters: [Int] = []
    var fixed = Set<Int>()
    for (index, node) in graph.nodes.enumerated() where node.results.contains(where: { needed[$0] }) {
      let reads = node.allOperands.flatMap(\.values)
      let isNumeric = Outline.isNumeric(node)
      guard reads.contains(where: { isMoving[$0] }) || (isNumeric && node.op.isRandom) else { continue }
      for value in node.results { isMoving[value] = true }
      if node.parameterName != nil, case .wrt(let wrt)? = origins[reads[0]] {
        origins[node.results[0]] = .parameter(wrt: wrt, node: index)
        parameters.append(index)
        continue
      }
      guard isNumeric else {
        throw Fault.hostInMinimise(NodePath.join(pathPrefix, node.path), node.op.name).at(node.place)
      }
      moving.append(index)
      for value in reads where !isMoving[value] { fixed.insert(value) }
    }
    self.body = body
    self.moving = moving
    self.fixed = fixed.sorted()
    self.origins = origins
    self.parameters = parameters
  }

  /// Whether the method moves the value.
  func isOptimised(_ value: Int) -> Bool {
    switch origins[value] {
    case .wrt, .parameter: true
    case .state, .stream, nil: false
    }
  }

  /// The parameters that nodes move themselves, by the node that takes them out of the weights, and the value that
  /// holds what they become. Where several do, the last counts.
  var updates: [(parameter: Int, value: Int)] {
    var found: [Int: Int] = [:]
    for index in moving {
      let node = body.graph.nodes[index]
      for (port, result) in node.op.updates {
        guard let input = node.op.inputs.firstIndex(where: { $0.name == port }),
          let output = node.op.outputs.firstIndex(where: { $0.name == result }),
          case .value(let value)? = node.operands[input].first, case .parameter(_, let parameter)? = origins[value]
        else { continue }
        found[parameter] = node.results[output]
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
