import Language
import Synchronization

/// What a program ran, step by step.
final class StepCounter: RunObserver {
  private let found = Mutex<[(op: String, kernel: String)]>([])

  var ops: [String] { found.withLock { $0.map(\.op) } }
  var kernels: [String] { found.withLock { $0.map(\.kernel) } }

  func finished(_ event: NodeEvent) { found.withLock { $0.append((event.op, event.choice)) } }
}
