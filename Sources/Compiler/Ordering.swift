import Language

/// The order of the nodes of a region with a gradient, so that large values live no longer than they must. The adjoint
/// gives the nodes of each loss before those of the network, so that the gradients of all losses, as large as the
/// activations that they belong to, would wait through the whole way back.
enum Ordering {
  /// Puts what makes little from much (a loss, a Gram matrix) right after what it reads, and a gradient right before
  /// the first node that reads it where that keeps nothing larger alive.
  ///
  /// - Parameters:
  ///   - gradients: the index of the first node of the gradient; the nodes before are the region's own.
  ///   - bytes: of a value; 0 of one that exists anyway.
  static func compact(
    _ nodes: [Region.Node], gradients: Int, valueCount: Int, bytes: (ValueID) -> Int
  ) -> [Region.Node] {
    hoisted(Array(nodes[..<gradients]), valueCount: valueCount, bytes: bytes)
      + sunk(Array(nodes[gradients...]), valueCount: valueCount, bytes: bytes)
  }

  private static func hoisted(
    _ nodes: [Region.Node], valueCount: Int, bytes: (ValueID) -> Int
  ) -> [Region.Node] {
    /// Per value, the place of the node that makes it; -1: it exists from the start.
    var placeOf = Array(repeating: -1, count: valueCount)
    var places: [Int] = []
    for (index, node) in nodes.enumerated() {
      let operands = node.operands.joined()
      let isSmall = 4 * node.results.reduce(0) { $0 + bytes($1) } <= operands.reduce(0) { max($0, bytes($1)) }
      let place = isSmall && !operands.isEmpty ? operands.reduce(-1) { max($0, placeOf[$1]) } : index
      places.append(place)
      for result in node.results { placeOf[result] = place }
    }
    // A place is never before those of the operands, and among nodes of one place the old order holds.
    return nodes.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { nodes[$0] }
  }

  private static func sunk(_ nodes: [Region.Node], valueCount: Int, bytes: (ValueID) -> Int) -> [Region.Node] {
    let end = nodes.count
    var firstRead = Array(repeating: end, count: valueCount)
    var lastRead = Array(repeating: -1, count: valueCount)
    /// Per node, its place in the new order: its own index, or that of the node right before which it runs.
    var places = Array(0..<end)
    for index in nodes.indices.reversed() {
      let node = nodes[index]
      let reader = node.results.reduce(end) { min($0, firstRead[$1]) }
      if reader < end, places[reader] > index + 1 {
        let longer = node.operands.joined().reduce(0) { $0 + (lastRead[$1] < places[reader] ? bytes($1) : 0) }
        // As much either way: then what it reads may sink with it.
        if node.results.reduce(0, { $0 + bytes($1) }) >= longer { places[index] = places[reader] }
      }
      for value in node.operands.joined() {
        // The reader that comes first in the new order, of two at one place the one that came first in the old.
        let known = firstRead[value]
        if known == end || (places[index], index) < (places[known], known) { firstRead[value] = index }
        lastRead[value] = max(lastRead[value], places[index])
      }
    }
    // Nodes at one place keep their old order; the one that stays there is the last of them.
    return nodes.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { nodes[$0] }
  }
}
