import Language

/// Removes nodes whose results nobody reads and merges nodes that compute the same thing.
enum Prune {
  /// The nodes that `wanted` depends on, in order.
  static func live(_ nodes: [Region.Node], wanted: [ValueID], valueCount: Int) -> [Region.Node] {
    var needed = Array(repeating: false, count: valueCount)
    for value in wanted { needed[value] = true }
    var kept: [Region.Node] = []
    for node in nodes.reversed() where node.results.contains(where: { needed[$0] }) {
      kept.append(node)
      for port in node.operands { for value in port { needed[value] = true } }
    }
    return kept.reversed()
  }

  /// Gives equal uses of one op one set of results, and lets operands stand for what is made of them by doing nothing
  /// (`kept` says of which a node does that). Returns the nodes left and, per value, what stands for it now.
  static func merge(
    _ nodes: [Region.Node], valueCount: Int, kept: (Region.Node) -> ValueID? = { _ in nil }
  ) -> (nodes: [Region.Node], stands: [ValueID]) {
    struct Key: Hashable {
      let op: String
      let attributes: Attributes
      let operands: [[ValueID]]
    }
    var stands = Array(0..<valueCount)
    var seen: [Key: [ValueID]] = [:]
    var result: [Region.Node] = []
    for node in nodes {
      if let operand = kept(node) {
        stands[node.results[0]] = stands[operand]
        continue
      }
      let operands = node.operands.map { $0.map { stands[$0] } }
      let key = Key(op: node.op.name, attributes: node.attributes, operands: operands)
      if !node.op.isRandom, let earlier = seen[key] {
        for (result, other) in zip(node.results, earlier) { stands[result] = other }
        continue
      }
      seen[key] = node.results
      result.append(
        Region.Node(
          op: node.op, attributes: node.attributes, operands: operands, results: node.results, label: node.label,
          position: node.position))
    }
    return (result, stands)
  }
}
