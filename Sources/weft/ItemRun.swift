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
    var done = 0
    var failed = 0
    var firstStatus: Int32 = 0
  }

  private let engine: Engine
  private let settings: RunSettings
  private let graphName: String
  private let cancel: CancelToken
  private let progress: Progress
  private let trace: TraceWriter?
  private let times = NodeTimes()
  private let probes: [Probe]
  private let state = Mutex(State())

  init(engine: Engine, settings: RunSettings, graphName: String, cancel: CancelToken) {
    self.engine = engine
    self.settings = settings
    self.graphName = graphName
    self.cancel = cancel
    progress = Progress(settings.progress)
    trace = settings.trace == nil ? nil : TraceWriter()
    probes = settings.probe.map { Probe($0) }
  }

  /// Runs all items and gives the exit status.
  func run(_ items: [PlannedItem]) -> Int32 {
    let finished = Semaphore()
    let width = min(items.count, max(1, engine.width))
    for _ in 0..<width { startNext(items, finished) }
    // The outer edge of the program: nothing runs on this thread.
    for _ in items { finished.wait() }
    report(items)
    let (failed, status) = state.withLock { ($0.failed, $0.firstStatus) }
    if cancel.isCancelled { return ExitStatus.interrupted }
    if failed == 0 { return 0 }
    return items.count == 1 ? status : ExitStatus.someItemsFailed
  }

  private func startNext(_ items: [PlannedItem], _ finished: Semaphore) {
    let index = state.withLock { state -> Int? in
      guard state.next < items.count else { return nil }
      state.next += 1
      return state.next - 1
    }
    guard let index else { return }
    let planned = items[index]
    var observers: [any EngineObserver] = [progress]
    if let trace { observers.append(trace) }
    if settings.dot != nil { observers.append(times) }
    engine.run(
      planned.graph, inputs: planned.item.inputs, options: runOptions(planned), observer: ObserverGroup(observers),
      cancel: cancel
    ) { result in
      self.finish(planned, result)
      finished.signal()
      self.startNext(items, finished)
    }
  }

  private func runOptions(_ planned: PlannedItem) -> RunOptions {
    var target = RunTarget.all
    if let only = settings.only {
      target = planned.graph.outputs.contains { $0.name == only } ? .outputs([only]) : .node(only)
    }
    return RunOptions(
      target: target, seed: settings.seed, usesCache: settings.cache != "off", graphName: graphName, probes: probes,
      trapsNaN: settings.trap == .nan, observesPrograms: trace != nil || settings.dot != nil)
  }

  private func finish(_ planned: PlannedItem, _ result: RunResult) {
    var fault = result.fault
    let saving = Saving(planned, settings)
    var saved: [SavedOutput] = []
    do throws(Fault) { saved = try saving.save(result.outputs) } catch { if fault == nil { fault = error } }
    let isCancelled = result.isCancelled
    state.withLock { state in
      state.done += 1
      if fault != nil, !isCancelled {
        state.failed += 1
        if state.firstStatus == 0 { state.firstStatus = ExitStatus.nodeFailed }
      }
    }
    if settings.json {
      Output.result(ItemReport.json(planned, result, saved, fault))
    } else {
      for output in saved { Output.error("\(output.name): \(output.path ?? output.inline ?? "")") }
    }
    if let fault {
      Output.error((planned.title.map { "\($0): " } ?? "") + (isCancelled ? "stopped" : fault.text))
    } else if !settings.json {
      Output.error(ItemReport.line(planned, result))
    }
  }

  private func report(_ items: [PlannedItem]) {
    for probe in probes {
      for (path, statistics) in probe.results {
        Output.error(
          "\(path)  \(statistics.shape)  min \(statistics.minimum)  max \(statistics.maximum)  mean \(statistics.mean)"
            + "  NaN \(statistics.nanCount)  runs \(statistics.runs)")
      }
      if probe.results.isEmpty { Output.error("--probe: no path matches, or nothing ran there") }
    }
    if let trace, let path = settings.trace, !trace.write(to: path) { Output.error("cannot write the trace \(path)") }
    if let path = settings.dot, let graph = items.first?.graph {
      let drawing = Drawing(graph, title: graphName)
      do throws(Fault) {
        try Saver(["format": .string("txt")]).write(
          .string(DotWriter.text(drawing, notes: times.notes(drawing))), to: path)
      } catch { Output.error(error.text) }
    }
  }
}
