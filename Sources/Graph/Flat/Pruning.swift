extension FlatGraph {
  /// The graph without the nodes that no output depends on. Value indices stay; inputs stay.
  func pruned() -> FlatGraph {
    var needed = Array(repeating: false, count: types.count)
    for output in outputs { for value in output.operand.values { needed[value] = true } }
    var kept: [Node] = []
    for node in nodes.reversed() where node.results.contains(where: { needed[$0] }) || node.results.isEmpty {
      kept.append(node)
      for operand in node.allOperands { for value in operand.values { needed[value] = true } }
    }
    var graph = self
    graph.nodes = kept.reversed()
    return graph
  }
}
