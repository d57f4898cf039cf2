import Language

/// Computes activations a second time on the way back instead of keeping them: the nodes before the gradient are cut
/// into segments, of which only what later segments read is kept, and each segment runs again when its gradient begins
/// (Chen et al. 2016, Training deep nets with sublinear memory cost, §4). At most one further pass forward, the last
/// segment spared; the results are the same bits.
struct Recomputation {
  /// Nodes in an order in which they can run, those of the gradient from `gradients` on.
  let nodes: [Region.Node]
  let gradients: Int
  /// Values that somebody reads after the run.
  let wanted: Set<ValueID>
  /// Bytes of a value; 0 of one that exists anyway.
  let bytes: (ValueID) -> Int

  /// Numbers of segments worth a try. Beyond the square root of the layers more segments keep more than they save.
  static let counts = [2, 3, 4, 6, 8, 12, 16, 24, 32]

  /// The nodes with `count` segments; `copy` makes a node anew, with results of its own, that reads other operands.
  func segmented(
    _ count: Int, copy: (Region.Node, _ operands: [[ValueID]]) throws(Fault) -> Region.Node
  ) throws(Fault) -> [Region.Node] {
    let segmentOf = segments(count)
    var makerOf: [ValueID: Int] = [:]
    for index in 0..<gradients { for result in nodes[index].results { makerOf[result] = index } }
    // What a later segment reads is kept, and so is the whole last segment, whose gradient begins at once.
    var isKept = wanted
    for index in 0..<gradients {
      for value in nodes[index].operands.joined() {
        if let maker = makerOf[value], segmentOf[maker] != segmentOf[index] { isKept.insert(value) }
      }
      if segmentOf[index] == count - 1 { isKept.formUnion(nodes[index].results) }
    }
    var result = Array(nodes[..<gradients])
    var stands: [ValueID: ValueID] = [:]
    for node in nodes[gradients...] {
      // Reading one dropped value brings back all of its segment: the gradients that follow read the others.
      for value in node.operands.joined() where stands[value] == nil && !isKept.contains(value) {
        guard let maker = makerOf[value] else { continue }
        for index in needed(segmentOf[maker], segmentOf, makerOf, isKept) {
          let again = try copy(nodes[index], nodes[index].operands.map { $0.map { stands[$0] ?? $0 } })
          for (old, new) in zip(nodes[index].results, again.results) { stands[old] = new }
          result.append(again)
        }
      }
      let operands = node.operands.map { $0.map { stands[$0] ?? $0 } }
      result.append(
        Region.Node(
          op: node.op, attributes: node.attributes, operands: operands, results: node.results, label: node.label,
          position: node.position))
    }
    return result
  }

  /// Per node before the gradient, its segment: all make about as many bytes.
  private func segments(_ count: Int) -> [Int] {
    let sizes = nodes[..<gradients].map { $0.results.reduce(0) { $0 + bytes($1) } }
    let total = max(1, sizes.reduce(0, +))
    var sum = 0
    return sizes.map { size in
      defer { sum += size }
      return min(count - 1, Int(Double(sum) / Double(total) * Double(count)))
    }
  }

  /// The nodes of a segment, in order, that make the dropped values that gradients read.
  private func needed(
    _ segment: Int, _ segmentOf: [Int], _ makerOf: [ValueID: Int], _ isKept: Set<ValueID>
  ) -> [Int] {
    var isRead = Set<ValueID>()
    for node in nodes[gradients...] { for value in node.operands.joined() { isRead.insert(value) } }
    var found: [Int] = []
    for index in (0..<gradients).reversed() where segmentOf[index] == segment {
      guard nodes[index].results.contains(where: { isRead.contains($0) && !isKept.contains($0) }) else { continue }
      found.append(index)
      for value in nodes[index].operands.joined() { isRead.insert(value) }
    }
    return found.reversed()
  }
}
