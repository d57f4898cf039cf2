import Graph
import Language

/// What a run would do, found without running anything.
public struct Plan: Sendable {
  public struct Entry: Sendable {
    public let path: String
    public let op: String
    public let place: Place?
    public let willRun: Bool
    /// Why it runs, or that it is cached, in words.
    public let reason: String
    /// Expected seconds, from what was learnt; nil: unknown. Of a compiled set of nodes, at its last node.
    public let seconds: Double?
    /// Bytes of its results, where known.
    public let bytes: Int?
  }

  /// Nodes that the outputs depend on, in the order of the graph.
  public let entries: [Entry]
  /// Expected most bytes in use at one time: values alive and the working memory of what runs. What has no known size
  /// counts as nothing.
  public let peakBytes: Int
  /// The node that runs when the peak is reached.
  public let peakPath: String?

  public var toRun: Int { entries.count { $0.willRun } }
  public var cached: Int { entries.count - toRun }
  /// Sum of the expected seconds; what is unknown counts as nothing.
  public var seconds: Double { entries.reduce(0) { $0 + ($1.willRun ? $1.seconds ?? 0 : 0) } }
  /// Whether every node that runs has run before, so that `seconds` means something.
  public var isTimeKnown: Bool { entries.allSatisfy { !$0.willRun || $0.seconds != nil } }
}

extension Engine {
  /// What a run with these inputs would do. Reads input files (for their digests) and the store, runs no node.
  public func plan(_ graph: FlatGraph, inputs: [String: Value], options: RunOptions = RunOptions()) throws(Fault)
    -> Plan
  {
    try planner(graph, inputs, options).plan()
  }

  /// Why a node would run with these inputs, or, where it is cached, why it ran the last time.
  public func why(
    _ graph: FlatGraph, node path: String, inputs: [String: Value], options: RunOptions = RunOptions()
  ) throws(Fault) -> String {
    let name = graph.aliases[path] ?? path
    let planner = try planner(graph, inputs, options)
    let entries = try planner.plan().entries
    guard let entry = entries.first(where: { $0.path == name }) else {
      // A node of a body runs as part of the node that has the body.
      if let owner = graph.owner(ofInner: name), let entry = entries.first(where: { $0.path == owner }) {
        return "\(path) runs inside \(owner). " + words(entry, owner, planner)
      }
      throw .unknownTarget(path, graph.allPaths)
    }
    return words(entry, path, planner)
  }

  private func words(_ entry: Plan.Entry, _ path: String, _ planner: Planner) -> String {
    if entry.willRun { return "\(path) would run: \(entry.reason)" }
    guard let note = planner.ledger.past[entry.path] else { return "\(path) is cached" }
    return "\(path) is cached" + (note.reason.map { "; it last ran because: \($0)" } ?? "")
  }

  func planner(
    _ graph: FlatGraph, _ inputs: [String: Value], _ options: RunOptions
  ) throws(Fault) -> Planner {
    let target = try Target(graph, options.target)
    let ledger = RunLedger(store: store, graphName: options.graphName, graph: graph, inputs: inputs)
    return Planner(
      engine: self, outline: Outline(graph, wanted: target.values), options: options, ledger: ledger,
      given: try given(graph, inputs, usesCache: options.usesCache))
  }
}

extension FlatGraph {
  /// The node of this graph in whose body the node `path` stands, at any depth.
  fileprivate func owner(ofInner path: String) -> String? {
    nodes.first { node in node.bodies.contains { $0.graph.allPaths.contains(path) } }?.path
  }

  /// Paths of all nodes, those of bodies included.
  fileprivate var allPaths: [String] {
    nodes.flatMap { node in [node.path] + node.bodies.flatMap(\.graph.allPaths) }
  }
}
