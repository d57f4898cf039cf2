import Engine
import Graph
import Language
import Nodes
import Synchronization
import Workers

/// Runs the items of a command, a bounded number at a time, and saves each as it finishes.
final class ItemRun: Sendable {
  private struct State {
    var next = 0
    var failed = 0
    var firstStatus: Int32 = 0
    /// Items at a time where memory sets a bound.
    var inflight: Int?
  }

  private let engine: Engine
  private let settings: RunSettings
  private let graphName: String
  private let cancel: CancelToken
  private let trace: TraceWriter?
  private let times = NodeTimes()
  private let probes: [Probe]
  private let state = Mutex(State())

  init(engine: Engine, settings: RunSettings, graphName: String, cancel: CancelToken) {
    self.engine = engine
    self.settings = settings
    self.graphName = graphName
    self.cancel = cancel
    trace = settings.trace == nil ? nil : TraceWriter()
    probes = settings.probe.map { Probe($0) }
  }

  /// Refuses a run that cannot be done: no such `--only`, no place for outputs. One item stands for all.
  func refuseHopeless(_ planned: PlannedItem) throws(Fault) {
    if let only = settings.only {
      let (outputs, nodes) = (planned.graph.outputs.map(\.name), planned.graph.nodes.map(\.path))
      guard outputs.contains(only) || nodes.contains(only) || planned.graph.aliases[only] != nil else {
        throw .nothingOnly(only, outputs + nodes)
      }
    }
    try OutFolder.check(settings.out)
  }

  /// Bounds the items in flight so that they keep to `budget` bytes, or refuses the run where even one does not.
  /// `planned` stands for all `count` items: the largest of them.
  func keep(to budget: Int, _ planned: PlannedItem, of count: Int) throws(Fault) {
    let width = try MemoryBudget.width(engine.width, items: count, budget: budget) { width throws(Fault) in
      var options = runOptions(planned)
      options.inflight = width
      return try engine.plan(planned.graph, inputs: planned.item.inputs, options: options)
    }
    state.withLock { $0.inflight = min(width, $0.inflight ?? width) }
  }

  /// Runs all items and gives the exit status.
  func run(_ items: [PlannedItem]) -> Int32 {
    let finished = Semaphore()
    let width = min(items.count, max(1, state.withLock { $0.inflight } ?? engine.width))
    for _ in 0..<width { startNext(items, finished) }
    // The outer edge of the program: nothing runs on this thread.
    for _ in items { finished.wait() }
    let isReported = report(items)
    let (failed, status) = state.withLock { ($0.failed, $0.firstStatus) }
    if cancel.isCancelled { return ExitStatus.interrupted }
    if failed == 0 { return isReported ? 0 : ExitStatus.nodeFailed }
    return items.count == 1 ? status : ExitStatus.someItemsFailed
  }

  private func startNext(_ items: [PlannedItem], _ finished: Semaphore) {
    let index = state.withLock { state -> Int? in
      guard state.next < items.count else { return nil }
      state.next += 1
      return state.next - 1
    }
    guard let index else { return }
    if cancel.isCancelled {
      finished.signal()
      return startNext(items, finished)
    }
    let planned = items[index]
    let progress = Progress(settings.progress, item: planned.title)
    var observers: [any EngineObserver] = [progress]
    if let trace { observers.append(trace) }
    if settings.dot != nil { observers.append(times) }
    let observer = ObserverGroup(observers)
    start(planned, runOptions(planned), observer) { result in
      progress.end()
      self.finish(planned, result)
      finished.signal()
      self.startNext(items, finished)
    }
  }

  private func start(
    _ planned: PlannedItem, _ options: RunOptions, _ observer: ObserverGroup,
    _ completion: @escaping @Sendable (RunResult) -> Void
  ) {
    engine.run(planned.graph, inputs: planned.item.inputs, options: options, observer: observer, cancel: cancel) {
      result in
      guard self.settings.keepGoing, result.fault != nil, !result.isCancelled, case .all = options.target else {
        return completion(result)
      }
      // What does not depend on the failure is mostly in the cache by now.
      self.goOn(planned, options, planned.graph.outputs.map(\.name), result, observer, completion)
    }
  }

  /// Runs the outputs one by one after a failure, so that those it does not concern are made.
  private func goOn(
    _ planned: PlannedItem, _ options: RunOptions, _ names: [String], _ result: RunResult, _ observer: ObserverGroup,
    _ completion: @escaping @Sendable (RunResult) -> Void
  ) {
    guard let name = names.first, !cancel.isCancelled else { return completion(result) }
    var options = options
    options.target = .outputs([name])
    engine.run(
      planned.graph, inputs: planned.item.inputs, options: options, observer: observer, cancel: cancel
    ) { [options] part in
      var all = result
      all.outputs.merge(part.outputs) { $1 }
      all.seconds += part.seconds
      all.ran += part.ran
      self.goOn(planned, options, Array(names.dropFirst()), all, observer, completion)
    }
  }

  private func runOptions(_ planned: PlannedItem) -> RunOptions {
    var target = RunTarget.all
    if let only = settings.only {
      target = planned.graph.outputs.contains { $0.name == only } ? .outputs([only]) : .node(only)
    }
    // What is answered from the cache shows no values.
    let isLooking = !probes.isEmpty || settings.trap != nil
    return RunOptions(
      target: target, seed: settings.seed, usesCache: settings.cache != "off" && !isLooking, graphName: graphName,
      probes: probes, trapsNaN: settings.trap == .nan, observesPrograms: trace != nil || settings.dot != nil,
      inflight: state.withLock { $0.inflight })
  }

  private func finish(_ planned: PlannedItem, _ result: RunResult) {
    var fault = result.fault
    let saving = Saving(planned, settings)
    var saved: [SavedOutput] = []
    do throws(Fault) { saved = try saving.save(result.outputs) } catch { if fault == nil { fault = error } }
    let isCancelled = result.isCancelled
    state.withLock { state in
      if fault != nil, !isCancelled {
        state.failed += 1
        if state.firstStatus == 0 { state.firstStatus = ExitStatus.nodeFailed }
      }
    }
    if settings.json {
      Output.result(ItemReport.json(planned, result, saved, fault))
    } else {
      for output in saved { Output.error(ItemReport.line(output)) }
    }
    if let fault {
      Output.error((planned.title.map { "\($0): " } ?? "") + (isCancelled ? "stopped" : fault.text))
    } else if !settings.json {
      Output.error(ItemReport.line(planned, result))
    }
  }

  /// What is said once, after all items; false when a file of it could not be written.
  private func report(_ items: [PlannedItem]) -> Bool {
    var isWritten = true
    for (probe, pattern) in zip(probes, settings.probe) {
      for (path, statistics) in probe.results {
        Output.error(
          "\(path)  \(statistics.shape)  min \(statistics.minimum)  max \(statistics.maximum)  mean \(statistics.mean)"
            + "  NaN \(statistics.nanCount)  runs \(statistics.runs)")
      }
      if probe.results.isEmpty { Output.error("--probe: nothing ran at a path like \"\(pattern)\"") }
    }
    if let trace, let path = settings.trace, !trace.write(to: path) {
      Output.error("cannot write the trace \(path)")
      isWritten = false
    }
    if let path = settings.dot, let graph = items.first?.graph {
      let drawing = Drawing(graph, title: graphName)
      do throws(Fault) {
        try Saver(["format": .string("txt")]).write(
          .string(DotWriter.text(drawing, notes: times.notes(drawing))), to: path)
      } catch {
        Output.error(error.text)
        isWritten = false
      }
    }
    return isWritten
  }
}

extension Fault {
  static func nothingOnly(_ name: String, _ names: [String]) -> Fault {
    Fault("usage", "--only: the graph has no output or node \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }
}
