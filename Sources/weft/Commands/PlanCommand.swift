import ArgumentParser
import Engine
import Graph
import Language
import Nodes

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Says what a run would do: what is cached, what runs and why, peak memory, time.")

  @OptionGroup var options: GraphOptions
  @Option(help: "The cache folder, or off.") var cache: String?
  @Option(help: "Seed of everything random.") var seed: UInt64 = 0
  @Option(help: "A node or output, and what it needs.") var only: String?
  @Flag(help: "As one JSON object.") var json = false

  func run() throws {
    do throws(Fault) {
      let planning = try Planning(options, cache: cache, seed: seed, only: only)
      guard planning.all.items.count > 1 else {
        let plan = try planning.plan()
        return Output.result(json ? PlanReport.json(plan) : PlanReport.text(plan))
      }
      let plans = try planning.plans()
      if json {
        for (name, plan) in plans { Output.result(PlanReport.json(plan, item: name)) }
      } else {
        // The largest of those that run: the sizes of an item are known when it is checked with its own files.
        let running = Set(plans.filter { $0.plan.toRun > 0 }.map(\.name))
        let largest = planning.all.largest { running.contains($0.title ?? "") }
        let peak = try largest.map { item throws(Fault) in (item.title ?? "", try planning.plan(item)) }
        Output.result(PlanReport.text(plans, peak: peak))
      }
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}

/// A checked graph with the values of its first item, for commands that look at a run without running.
struct Planning {
  let engine: Engine
  let graph: FlatGraph
  let inputs: [String: Value]
  let options: RunOptions
  let all: Items
  private let opened: OpenedGraph

  init(_ graphOptions: GraphOptions, cache: String?, seed: UInt64, only: String? = nil, jobs: Int? = nil) throws(Fault)
  {
    opened = try OpenedGraph(graphOptions)
    all = try Items(opened)
    inputs = all.items[0].inputs
    graph = try Planning.check(opened, inputs: inputs)
    engine = Session.engine(cache: cache, jobs: jobs)
    var target = RunTarget.all
    if let only { target = graph.outputs.contains { $0.name == only } ? .outputs([only]) : .node(only) }
    options = RunOptions(target: target, seed: seed, usesCache: cache != "off", graphName: opened.path)
  }

  func plan() throws(Fault) -> Plan { try engine.plan(graph, inputs: inputs, options: options) }

  /// The plan of one item, checked with its own files.
  func plan(_ item: Items.Item) throws(Fault) -> Plan {
    try engine.plan(try Planning.check(opened, inputs: item.inputs), inputs: item.inputs, options: options)
  }

  /// The plan of every item, with its name. As in a run, one check serves them all.
  func plans() throws(Fault) -> [(name: String, plan: Plan)] {
    let common = try Planning.check(
      opened, inputs: inputs.filter { !all.varying.contains($0.key) }, later: Set(all.varying))
    var result: [(name: String, plan: Plan)] = []
    for item in all.items {
      result.append((item.title ?? "", try engine.plan(common, inputs: item.inputs, options: options)))
    }
    return result
  }

  private static func check(
    _ opened: OpenedGraph, inputs: [String: Value], later: Set<String> = []
  ) throws(Fault) -> FlatGraph {
    let result = opened.check(try opened.params(), inputs: inputs, later: later)
    guard result.isSound else {
      Output.error(Diagnostics.text(result.faults))
      throw Fault("graph", "nothing to plan: \(Diagnostics.summary(result.faults))")
    }
    return result.graph
  }
}
