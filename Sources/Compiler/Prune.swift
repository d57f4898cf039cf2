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
    var stands = Array(0..<valueCount)
    // Places in `result` by the hash of what a node computes; where that is taken by another, by the next number.
    var seen: [Int: Int] = [:]
    var result: [Region.Node] = []
    for node in nodes {
      if let operand = kept(node) {
        stands[node.results[0]] = stands[operand]
        continue
      }
      let isSame = node.operands.allSatisfy { $0.allSatisfy { stands[$0] == $0 } }
      let operands = isSame ? node.operands : node.operands.map { $0.map { stands[$0] } }
      if !node.op.isRandom {
        var number = hash(node, operands)
        while let twin = seen[number], !isTwin(result[twin], node, operands) { number &+= 1 }
        if let twin = seen[number] {
          for (own, other) in zip(node.results, result[twin].results) { stands[own] = other }
          continue
        }
        seen[number] = result.count
      }
      result.append(
        isSame
          ? node
          : Region.Node(
            op: node.op, attributes: node.attributes, operands: operands, results: node.results, label: node.label,
            position: node.position))
    }
    return (result, stands)
  }

  private static func hash(_ node: Region.Node, _ operands: [[ValueID]]) -> Int {
    var hasher = Hasher()
    hasher.combine(node.op.name)
    hasher.combine(node.attributes)
    hasher.combine(operands)
    return hasher.finalize()
  }

  private static func isTwin(_ earlier: Region.Node, _ node: Region.Node, _ operands: [[ValueID]]) -> Bool {
    earlier.op.name == node.op.name && earlier.attributes == node.attributes && earlier.operands == operands
  }
}
