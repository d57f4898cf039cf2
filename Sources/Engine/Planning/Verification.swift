import Graph
import Language
import Tensors

/// What a fresh run and a store say of the same nodes.
public struct Verification: Sendable {
  public struct Node: Sendable {
    public let path: String
    public let op: String
    public let place: Place?
  }

  /// In the order of the graph: whatever reads a result that differs has another key, so the first names the cause.
  public internal(set) var different: [Node] = []
  public internal(set) var equal: [Node] = []
  /// Nodes of which one side keeps nothing.
  public internal(set) var unknown = 0
}

extension Engine {
  /// Compares what this engine's store holds after a run with another store, under the same keys.
  public func verify(
    _ graph: FlatGraph, inputs: [String: Value], options: RunOptions, against other: ResultStore
  ) throws(Fault) -> Verification {
    try planner(graph, inputs, options).compare(with: other)
  }
}

extension Planner {
  fileprivate func compare(with other: ResultStore) throws(Fault) -> Verification {
    let findings = try findings()
    var verification = Verification()
    for (index, node) in outline.graph.nodes.enumerated() {
      guard let chain = findings.chains[index] else { continue }
      let isNumeric = Outline.isNumeric(node)
      var isKnown = !node.results.isEmpty
      var isEqual = true
      for (position, value) in node.results.enumerated() {
        let key = isNumeric ? KeyMaker.result(chain, position) : node.resultKey(chain)
        let place = isNumeric ? 0 : node.recordOrder[position]
        guard let own = findings.values[value].content, let record = other.record(key),
          record.digests.indices.contains(place)
        else {
          isKnown = false
          break
        }
        isEqual = isEqual && record.digests[place] == own
      }
      let entry = Verification.Node(path: node.path, op: node.op.name, place: node.place)
      if !isKnown {
        verification.unknown += 1
      } else if isEqual {
        verification.equal.append(entry)
      } else {
        verification.different.append(entry)
      }
    }
    return verification
  }
}
