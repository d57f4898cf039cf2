import Engine
import Graph
import Language
import Nodes
import Tensors
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
    let engine = Session.engine(
      cache: settings.cache, jobs: settings.jobs, mem: settings.mem.flatMap(RunSettings.bytes))
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
      let all = try Items(opened)
      var items: [PlannedItem] = []
      for variant in try Sweep.variants(settings.sweep, opened) { items += try plan(opened, all, variant) }
      // Of all shards, so that no two of them write one file.
      try Collisions.check(items, out: settings.out)
      if let shard = settings.shard.flatMap(RunSettings.parts) {
        items.removeAll { !$0.isIn(shard: shard.number, of: shard.count) }
      }
      let run = ItemRun(engine: engine, settings: settings, graphName: opened.path, cancel: cancel)
      if let first = items.first {
        try run.refuseHopeless(first)
        if let budget = settings.mem.flatMap(RunSettings.bytes) {
          for variant in try Sweep.variants(settings.sweep, opened) {
            try run.keep(to: budget, try largest(opened, all, variant), of: items.count)
          }
        }
      }
      let status = run.run(items)
      // One that watches runs again; else the process ends, and the system frees all of it at once: node by node takes a
      // tenth of the time of a run of many small nodes.
      if !settings.watch { _ = Unmanaged.passRetained(Remains(engine: engine, opened: opened, items: items)) }
      return status
    } catch {
      Output.error(error.text)
      return ExitStatus.wrongGraph
    }
  }

  /// The item that needs the most memory, checked with its own files, so that its sizes are known.
  private func largest(_ opened: OpenedGraph, _ all: Items, _ variant: Sweep.Variant) throws(Fault) -> PlannedItem {
    let item = all.largest
    let result = opened.check(try opened.params().merging(variant.params) { $1 }, inputs: item.inputs)
    guard result.isSound else { throw result.faults.first { $0.severity == .error }! }
    return PlannedItem(item: item, variant: variant.name, graph: result.graph, params: result.params)
  }

  /// The checked graph of each item. One check serves all items of a command: their sizes are found as they run.
  private func plan(
    _ opened: OpenedGraph, _ all: Items, _ variant: Sweep.Variant
  ) throws(Fault) -> [PlannedItem] {
    let params = try opened.params().merging(variant.params) { $1 }
    let inputs = all.items[0].inputs.filter { !all.varying.contains($0.key) }
    let result = opened.check(params, inputs: inputs, later: Set(all.varying))
    let faults = result.faults.filter { $0.severity == .error || !settings.json }
    if !faults.isEmpty { Output.error(Diagnostics.text(faults)) }
    guard result.isSound else { throw Fault("graph", "nothing was run: \(Diagnostics.summary(result.faults))") }
    return all.items.map {
      PlannedItem(item: $0, variant: variant.name, graph: result.graph, params: result.params)
    }
  }
}

/// What a run leaves.
private final class Remains {
  let engine: Engine
  let opened: OpenedGraph
  let items: [PlannedItem]

  init(engine: Engine, opened: OpenedGraph, items: [PlannedItem]) {
    self.engine = engine
    self.opened = opened
    self.items = items
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
    let words = [item.title, variant].compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// By name, so that adding files moves no others to another shard.
  func isIn(shard number: Int, of count: Int) -> Bool {
    Digest(of: title ?? "").low % UInt64(count) == UInt64(number - 1)
  }
}
