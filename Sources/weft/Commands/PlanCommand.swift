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
      let plan = try planning.plan()
      Output.result(json ? PlanCommand.json(plan) : PlanCommand.text(plan))
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }

  static func text(_ plan: Plan) -> String {
    var lines: [String] = []
    let width = plan.entries.filter(\.willRun).map(\.path.count).max() ?? 0
    for entry in plan.entries where entry.willRun {
      lines.append(entry.path + String(repeating: " ", count: width - entry.path.count + 2) + entry.reason)
    }
    let time = plan.isTimeKnown ? "about \(Quantity.seconds(plan.seconds))" : "time unknown"
    lines.append(
      "\(plan.entries.count) nodes: \(plan.cached) cached, \(plan.toRun) to run    peak \(Quantity.bytes(plan.peakBytes))"
        + (plan.peakPath.map { " in \($0)" } ?? "") + "    " + (plan.toRun == 0 ? "nothing to do" : time))
    return lines.joined(separator: "\n")
  }

  private static func json(_ plan: Plan) -> String {
    let nodes = plan.entries.map { entry in
      let seconds = entry.seconds.map { JSONText.number($0) } ?? "null"
      return "{\"path\":\(JSONText.quoted(entry.path)),\"op\":\(JSONText.quoted(entry.op)),\"runs\":\(entry.willRun),"
        + "\"reason\":\(JSONText.quoted(entry.reason)),\"seconds\":\(seconds),"
        + "\"bytes\":\(entry.bytes.map(String.init) ?? "null")}"
    }
    return "{\"nodes\":[\(nodes.joined(separator: ","))],\"cached\":\(plan.cached),\"to_run\":\(plan.toRun),"
      + "\"peak_bytes\":\(plan.peakBytes),\"seconds\":\(plan.isTimeKnown ? JSONText.number(plan.seconds) : "null")}"
  }
}

/// A checked graph with the values of its first item, for commands that look at a run without running.
struct Planning {
  let engine: Engine
  let graph: FlatGraph
  let inputs: [String: Value]
  let options: RunOptions

  init(_ graphOptions: GraphOptions, cache: String?, seed: UInt64, only: String? = nil, jobs: Int? = nil) throws(Fault)
  {
    let opened = try OpenedGraph(graphOptions)
    let item = try Items(opened).items[0]
    let result = Checker.check(
      opened.path, graph: opened.graphName, registry: .linked, library: opened.library, probe: HeaderProbe(),
      params: try opened.params(), inputs: item.inputs, needsValues: true)
    guard result.isSound else {
      Output.error(Diagnostics.text(result.faults))
      throw Fault("graph", "nothing to plan: \(Diagnostics.summary(result.faults))")
    }
    engine = Session.engine(cache: cache, jobs: jobs)
    graph = result.graph
    inputs = item.inputs
    var target = RunTarget.all
    if let only { target = graph.outputs.contains { $0.name == only } ? .outputs([only]) : .node(only) }
    options = RunOptions(target: target, seed: seed, usesCache: cache != "off", graphName: opened.path)
  }

  func plan() throws(Fault) -> Plan { try engine.plan(graph, inputs: inputs, options: options) }
}
