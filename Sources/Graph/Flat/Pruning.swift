extension FlatGraph {
  /// The graph without the nodes that no output depends on. Value indices stay; inputs stay.
  func pruned() -> FlatGraph {
    var needed = Array(repeating: false, count: types.count)
    for output in outputs { output.operand.visitValues { needed[$0] = true } }
    var kept: [Node] = []
    for node in nodes.reversed() where node.results.contains(where: { needed[$0] }) || node.results.isEmpty {
      kept.append(node)
      node.visitValues { needed[$0] = true }
    }
    if kept.count == nodes.count { return self }
    var graph = self
    graph.nodes = kept.reversed()
    return graph
  }
}
