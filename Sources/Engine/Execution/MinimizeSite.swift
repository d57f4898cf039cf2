import Graph
import Language
import Tensors

/// How the body of a minimise node is cut: what depends on the values being optimised becomes one region; everything
/// else is evaluated once, before the first step.
struct MinimizeCut {
  /// Nodes that depend on a `wrt`, in order; all numeric.
  let moving: [Int]
  /// Values that these read and that do not move: evaluated once.
  let fixed: [Int]
  /// Values that move.
  let isMoving: [Bool]
  /// Body inputs bound to a `wrt`, by value.
  let wrt: [Int: Int]

  init(_ body: FlatGraph.Body, pathPrefix: String) throws(Fault) {
    let graph = body.graph
    var isMoving = Array(repeating: false, count: graph.types.count)
    var wrt: [Int: Int] = [:]
    for (input, binding) in zip(graph.inputs, body.bindings) {
      switch binding {
      case .wrt(let index):
        wrt[input.value] = index
        isMoving[input.value] = true
      case .state: throw .stateInMinimise(input.name)
      case .each, .shared: continue
      }
    }
    var needed = Array(repeating: false, count: graph.types.count)
    for output in graph.outputs { for value in output.operand.values { needed[value] = true } }
    for node in graph.nodes.reversed() where node.results.contains(where: { needed[$0] }) {
      for operand in node.allOperands { for value in operand.values { needed[value] = true } }
    }
    var moving: [Int] = []
    var fixed = Set<Int>()
    for (index, node) in graph.nodes.enumerated() where node.results.contains(where: { needed[$0] }) {
      let reads = node.allOperands.flatMap(\.values)
      guard reads.contains(where: { isMoving[$0] }) else { continue }
      guard Outline.isNumeric(node) else {
        throw Fault.hostInMinimise(NodePath.join(pathPrefix, node.path), node.op.name).at(node.place)
      }
      moving.append(index)
      for value in node.results { isMoving[value] = true }
      for value in reads where !isMoving[value] { fixed.insert(value) }
    }
    self.moving = moving
    self.fixed = fixed.sorted()
    self.isMoving = isMoving
    self.wrt = wrt
  }

  /// Binds the moving part to concrete values.
  func site(
    _ body: FlatGraph.Body, node: FlatGraph.Node, starts: [(name: String, start: Tensor)], startValues: [Value],
    fixed values: [Int: Value], loss: String, seed: UInt64, pathPrefix: String, scope: RunScope
  ) throws(Fault) -> LoopSite {
    var bound = values
    for (value, index) in wrt { bound[value] = startValues[index] }
    var builder = RegionBuilder(
      body.graph, values: bound, positions: try Outline(body.graph).positions(scope.keys), registry: scope.registry)
    for index in moving { try builder.add(index, pathPrefix: pathPrefix) }
    var names: [String] = []
    var ids: [ValueID] = []
    for output in body.graph.outputs {
      guard case .value(let value) = output.operand, let id = builder.defined[value] else { continue }
      names.append(output.name)
      ids.append(id)
    }
    guard names.contains(loss) else { throw .noBodyOutput(loss, names) }
    builder.emitter.setOutputs(ids)
    let sources = zip(builder.sources, builder.tensors).map { source, tensor in
      wrt[source.value].map { LoopSite.Source.wrt($0) } ?? .fixed(tensor)
    }
    return LoopSite(
      attributes: node.attributes, body: builder.emitter.region, sources: sources, outputs: names, wrt: starts,
      loss: loss, seed: seed, compiler: scope.compiler)
  }
}
