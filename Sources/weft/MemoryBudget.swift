import Engine
import Graph
import Language

/// `--mem`: what would need more runs with fewer items at a time, or is refused by name before anything runs.
enum MemoryBudget {
  /// How many items may be in flight, of the command and of every map: the most up to `width` with which a plan keeps
  /// to the budget. `plan` tells what one item needs with so many.
  static func width(
    _ width: Int, items: Int, budget: Int, plan: (Int) throws(Fault) -> Plan
  ) throws(Fault) -> Int {
    var least: Plan?
    for count in (1...max(1, width)).reversed() {
      let found = try plan(count)
      if found.peakBytes * min(items, count) <= budget { return count }
      least = found
    }
    throw .overBudget(least!, budget)
  }
}

extension Fault {
  static func overBudget(_ plan: Plan, _ budget: Int) -> Fault {
    let entry = plan.entries.first { $0.path == plan.peakPath }
    return Fault(
      "memory",
      "the run needs \(Quantity.bytes(plan.peakBytes))\(plan.peakPath.map { " at \"\($0)\"" } ?? ""), "
        + "but --mem allows \(Quantity.bytes(budget))", at: entry?.place)
  }
}
