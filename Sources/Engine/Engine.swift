import Dispatch
import Graph
import Language
import Tensors
import Workers

/// Runs checked graphs. One engine serves a process: its width bounds all host work, its store all results. Safe to use
/// from any thread, also from completions of its own runs.
public final class Engine: Sendable {
  public let registry: Registry
  public let compiler: any RegionCompiler
  public let store: ResultStore
  let numericFamily: String
  let pool: JobPool
  let costs: CostBook
  private let notes = Throttle()

  /// `width`: jobs at a time; nil: that of `Team.shared`. `numericFamily` names what the low bits of numeric results
  /// depend on (instruction set, library versions).
  public init(
    registry: Registry, compiler: any RegionCompiler, store: ResultStore = ResultStore(), width: Int? = nil,
    numericFamily: String = ""
  ) {
    self.registry = registry
    self.compiler = compiler
    self.store = store
    self.numericFamily = numericFamily
    pool = JobPool(width: width ?? Team.shared.width)
    costs = CostBook(path: store.folder.map { $0 + "/costs" })
  }

  public var width: Int { pool.width }

  var keys: KeyMaker { KeyMaker(numericFamily: numericFamily, files: store.files) }

  /// Runs a graph once. Returns at once; `completion` is called on a worker thread, which it must not block.
  public func run(
    _ graph: FlatGraph, inputs: [String: Value], options: RunOptions = RunOptions(),
    observer: (any EngineObserver)? = nil, cancel: CancelToken = CancelToken(),
    completion: @escaping @Sendable (RunResult) -> Void
  ) {
    let start = Clock.now()
    let ledger = RunLedger(
      store: options.usesCache ? store : nil, graphName: options.graphName, graph: graph, inputs: inputs)
    let trap = options.trapsNaN ? NaNTrap() : nil
    // Whoever looks at values must find every node's.
    let showsValues = trap != nil || !options.probes.isEmpty
    var programs: ProgramObserver?
    if trap != nil || !options.probes.isEmpty || options.observesPrograms {
      programs = ProgramObserver(
        trap: trap, probes: options.probes, observer: options.observesPrograms ? observer : nil)
    }
    let scope = RunScope(
      registry: registry, compiler: showsValues ? ShowingCompiler(compiler: compiler) : compiler, pool: pool,
      store: options.usesCache ? store : nil, keys: keys,
      seed: options.seed, observer: observer, programs: programs, trap: trap, cancel: cancel, costs: costs,
      ledger: ledger, inflight: options.inflight)
    pool.submit([
      Job(rank: Rank(depth: 0, sequence: 0, order: 0), queue: .io) { turn in
        do throws(Fault) {
          let target = try Target(graph, options.target)
          let given = try self.given(graph, inputs, usesCache: options.usesCache)
          let outline = Outline(graph, wanted: target.values)
          let execution = Execution(
            scope, outline, Execution.Frame(isCaching: options.usesCache), inputs: given
          ) { result, _ in
            self.conclude(result, target, scope, start, options, completion)
          }
          execution.start(&turn)
        } catch {
          completion(RunResult(outputs: [:], seconds: Clock.seconds(since: start), ran: 0, cached: 0, fault: error))
        }
      }
    ])
  }

  /// Runs a graph and waits. For the outer edge of a program only: never call it on a worker thread.
  public func runAndWait(
    _ graph: FlatGraph, inputs: [String: Value], options: RunOptions = RunOptions(),
    observer: (any EngineObserver)? = nil, cancel: CancelToken = CancelToken()
  ) -> RunResult {
    let box = ResultBox()
    run(graph, inputs: inputs, options: options, observer: observer, cancel: cancel) { box.put($0) }
    return box.wait()
  }

  private func conclude(
    _ result: Result<[Int: Value], Fault>, _ target: Target, _ scope: RunScope, _ start: UInt64, _ options: RunOptions,
    _ completion: @Sendable (RunResult) -> Void
  ) {
    var run = RunResult(outputs: [:], seconds: 0, ran: scope.ran, cached: scope.cached, fault: nil)
    do throws(Fault) {
      let values = try result.get()
      for (name, operand) in target.outputs { run.outputs[name] = try evaluate(operand, values) }
    } catch { run.fault = error }
    if options.usesCache { notes.save(force: false) { self.write(scope.ledger) } }
    run.seconds = Clock.seconds(since: start)
    completion(run)
  }

  /// Writes what was learnt and not written yet (costs, file digests). Nothing but time is lost without it.
  public func flush() { notes.save(force: true) { self.write(nil) } }

  private func write(_ ledger: RunLedger?) {
    store.files.save()
    guard store.isOnDisk else { return }
    costs.save()
    ledger?.save()
  }

  /// The inputs by value index, with digests where keys are made.
  func given(_ graph: FlatGraph, _ inputs: [String: Value], usesCache: Bool) throws(Fault) -> [Int: Given] {
    let names = graph.inputs.map(\.name)
    for name in inputs.keys.sorted() where !names.contains(name) { throw .unknownInput(name, names) }
    var result: [Int: Given] = [:]
    for input in graph.inputs {
      guard let value = inputs[input.name] ?? (input.isOptional ? Value.none : nil) else {
        throw .missingInput(input.name, at: input.place)
      }
      var given = Given(value: value)
      if usesCache {
        given.content = try keys.content(value)
        var sources = Set<Digest>()
        for path in value.filePaths { sources.insert(try store.files.digest(path)) }
        given.sources = sources.sorted()
      }
      result[input.value] = given
    }
    return result
  }
}

/// The values that a run is for, under their names.
struct Target {
  let outputs: [(name: String, operand: FlatGraph.Operand)]
  var values: [Int] { outputs.flatMap(\.operand.values) }

  init(_ graph: FlatGraph, _ target: RunTarget) throws(Fault) {
    switch target {
    case .all: outputs = graph.outputs.map { ($0.name, $0.operand) }
    case .outputs(let names):
      var found: [(name: String, operand: FlatGraph.Operand)] = []
      for name in names {
        guard let output = graph.outputs.first(where: { $0.name == name }) else {
          throw .unknownTarget(name, graph.outputs.map(\.name))
        }
        found.append((name, output.operand))
      }
      outputs = found
    case .node(let path):
      let name = graph.aliases[path] ?? path
      guard let node = graph.nodes.first(where: { $0.path == name }) else {
        throw .unknownTarget(path, graph.nodes.map(\.path))
      }
      outputs = zip(node.ports, node.results).map { ($0, .value($1)) }
    }
  }
}

/// Carries a result from a worker thread to the one that waits.
private final class ResultBox: Sendable {
  private let done = DispatchSemaphore(value: 0)
  private let result = Guarded<RunResult?>(nil)

  func put(_ outcome: RunResult) {
    result.withLock { $0 = outcome }
    done.signal()
  }

  func wait() -> RunResult {
    done.wait()
    return result.withLock { $0! }
  }
}
