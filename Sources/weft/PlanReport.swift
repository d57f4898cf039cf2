import Engine
import Graph
import Nodes

/// The words and the JSON of `weft plan`.
enum PlanReport {
  static func text(_ plan: Plan) -> String {
    var lines: [String] = []
    let width = plan.entries.filter(\.willRun).map(\.path.count).max() ?? 0
    for entry in plan.entries where entry.willRun {
      lines.append(entry.path + String(repeating: " ", count: width - entry.path.count + 2) + entry.reason)
    }
    lines.append(
      "\(plan.entries.count) nodes: \(plan.cached) cached, \(plan.toRun) to run    \(peak(plan))    "
        + time([plan]))
    return lines.joined(separator: "\n")
  }

  /// Of several items: for each node, how many items run it and why the first of them does. `peak` is the plan
  /// of the item that needs the most memory.
  static func text(_ items: [(name: String, plan: Plan)], peak largest: (name: String, plan: Plan)?) -> String {
    var runs: [String: (count: Int, reason: String)] = [:]
    for (_, plan) in items {
      for entry in plan.entries where entry.willRun { runs[entry.path, default: (0, entry.reason)].count += 1 }
    }
    let paths = items[0].plan.entries.map(\.path).filter { runs[$0] != nil }
    let width = paths.map(\.count).max() ?? 0
    var lines = paths.map { path in
      let (count, reason) = runs[path]!
      return path + String(repeating: " ", count: width - path.count + 2)
        + "\(count) of \(items.count) items: \(reason)"
    }
    let plans = items.map(\.plan)
    let (cached, toRun) = (plans.reduce(0) { $0 + $1.cached }, plans.reduce(0) { $0 + $1.toRun })
    lines.append(
      "\(items.count) items of \(items[0].plan.entries.count) nodes: \(cached) cached, \(toRun) to run    "
        + (largest.map { "\(peak($0.plan)) of \($0.name)    " } ?? "") + time(plans))
    return lines.joined(separator: "\n")
  }

  static func json(_ plan: Plan, item: String? = nil) -> String {
    let nodes = plan.entries.map { entry in
      let seconds = entry.seconds.map { JSONText.number($0) } ?? "null"
      return "{\"path\":\(JSONText.quoted(entry.path)),\"op\":\(JSONText.quoted(entry.op)),\"runs\":\(entry.willRun),"
        + "\"reason\":\(JSONText.quoted(entry.reason)),\"seconds\":\(seconds),"
        + "\"bytes\":\(entry.bytes.map(String.init) ?? "null")}"
    }
    return "{" + (item.map { "\"item\":\(JSONText.quoted($0))," } ?? "")
      + "\"nodes\":[\(nodes.joined(separator: ","))],\"cached\":\(plan.cached),\"to_run\":\(plan.toRun),"
      + "\"peak_bytes\":\(plan.peakBytes),\"seconds\":\(plan.isTimeKnown ? JSONText.number(plan.seconds) : "null")}"
  }

  private static func peak(_ plan: Plan) -> String {
    "peak \(Quantity.bytes(plan.peakBytes))" + (plan.peakPath.map { " in \($0)" } ?? "")
  }

  private static func time(_ plans: [Plan]) -> String {
    guard plans.contains(where: { $0.toRun > 0 }) else { return "nothing to do" }
    guard plans.allSatisfy(\.isTimeKnown) else { return "time unknown" }
    return "about \(Quantity.seconds(plans.reduce(0) { $0 + $1.seconds }))"
  }
}
