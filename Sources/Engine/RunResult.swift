import Language

/// What one run of a graph gave.
public struct RunResult: Sendable {
  /// By output name (or, for a run of one node, by port); absent where the run failed before it was made.
  public var outputs: [String: Value]
  public var seconds: Double
  /// Nodes that executed.
  public var ran: Int
  /// Nodes answered from the cache.
  public var cached: Int
  /// What stopped the run.
  public var fault: Fault?

  public var isCancelled: Bool { fault?.isCancellation ?? false }
}

/// What of a graph is wanted.
public enum RunTarget: Sendable, Hashable {
  /// Every output.
  case all
  /// Some outputs by name.
  case outputs([String])
  /// Every result of the node with this path.
  case node(String)
}

/// How a run is done.
public struct RunOptions: Sendable {
  public var target: RunTarget
  public var seed: UInt64
  /// False: nothing is read from or written to the store.
  public var usesCache: Bool
  /// What the notes for `why` are kept under: the path of the graph file, say.
  public var graphName: String
  /// Told of nodes inside compiled programs; costs time per node.
  public var probes: [any RunObserver]
  /// Stop at the first NaN in a numeric node.
  public var trapsNaN: Bool
  /// Send `EngineEvent.program` for each node of compiled programs.
  public var observesPrograms: Bool
  /// Items of a map in flight at most, to save memory; nil: as many as there are threads, or as the file says.
  public var inflight: Int?

  public init(
    target: RunTarget = .all, seed: UInt64 = 0, usesCache: Bool = true, graphName: String = "",
    probes: [any RunObserver] = [], trapsNaN: Bool = false, observesPrograms: Bool = false, inflight: Int? = nil
  ) {
    self.target = target
    self.seed = seed
    self.usesCache = usesCache
    self.graphName = graphName
    self.probes = probes
    self.trapsNaN = trapsNaN
    self.observesPrograms = observesPrograms
    self.inflight = inflight
  }
}
