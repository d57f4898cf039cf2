import Engine
import Graph
import Language
import Nodes
import Synchronization
import Workers

/// One `weft run`: checks, runs every item, saves, reports.
struct RunSession {
  private let options: GraphOptions
  private let settings: RunSettings

  init(_ options: GraphOptions, _ settings: RunSettings) {
    self.options = options
    self.settings = settings
  }

  /// Runs and gives the exit status.
  func run() -> Int32 {
    let engine = Session.engine(cache: settings.cache, jobs: settings.jobs)
    let cancel = CancelToken()
    Interrupt.install(cancel)
    repeat {
      let stamp = settings.watch ? Watch.stamp(options) : [:]
      let status = runOnce(engine, cancel)
      guard settings.watch, !cancel.isCancelled else { return status }
      Output.error("watching; Ctrl-C ends")
      guard Watch.waitForChange(options, since: stamp, cancel) else { return 0 }
    } while true
  }

  private func runOnce(_ engine: Engine, _ cancel: CancelToken) -> Int32 {
    do throws(Fault) {
      let opened = try OpenedGraph(options)
      var items: [PlannedItem] = []
      for variant in try Sweep.variants(settings.sweep, opened) {
        items += try plan(opened, variant)
      }
      try Collisions.check(items, out: settings.out)
      let run = ItemRun(engine: engine, settings: settings, graphName: opened.path, cancel: cancel)
      return run.run(items)
    } catch {
      Output.error(error.text)
      return ExitStatus.wrongGraph
    }
  }

  /// The checked graph of each item. One check serves all items of a command: their sizes are found as they run.
  private func plan(_ opened: OpenedGraph, _ variant: Sweep.Variant) throws(Fault) -> [PlannedItem] {
    let all = try Items(opened)
    let params = try opened.params().merging(variant.params) { $1 }
    let inputs = all.items.count == 1 ? all.items[0].inputs : [:]
    let names = Set(all.items.first.map { Array($0.inputs.keys) } ?? [])
    let result = Checker.check(
      opened.path, graph: opened.graphName, registry: .linked, library: opened.library, probe: HeaderProbe(),
      params: params, inputs: inputs, needsValues: all.items.count == 1)
    let faults = result.faults.filter { $0.severity == .error || !settings.json }
    if !faults.isEmpty { Output.error(Diagnostics.text(faults)) }
    guard result.isSound else { throw Fault("graph", "nothing was run: \(Diagnostics.summary(result.faults))") }
    for input in result.graph.inputs where !input.isOptional && !names.contains(input.name) {
      throw Fault("missing-input", "the input \"\(input.name)\" (\(input.type)) must be given", at: input.place)
    }
    var chosen = all.items
    if let shard = settings.shard.flatMap(RunSettings.parts) { chosen = all.shard(shard.number, of: shard.count) }
    return chosen.map {
      PlannedItem(item: $0, variant: variant.name, graph: result.graph, params: result.params)
    }
  }
}

/// An item with the graph that runs it.
struct PlannedItem: Sendable {
  let item: Items.Item
  /// `lr=0.1` of a sweep; nil without one.
  let variant: String?
  let graph: FlatGraph
  let params: [String: Literal]

  /// The item's name for people and in JSON.
  var title: String? {
    switch (item.name, variant) {
    case (let name?, let variant?): "\(name) \(variant)"
    case (let name?, nil): name
    case (nil, let variant): variant
    }
  }
}
