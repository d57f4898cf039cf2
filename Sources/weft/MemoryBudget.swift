import Engine
import Graph
import Language

/// `--mem`: a run that needs more is refused by name before anything runs.
enum MemoryBudget {
  static func check(_ plan: Plan, budget: Int) throws(Fault) {
    guard plan.peakBytes > budget else { return }
    throw .overBudget(plan, budget)
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
