import Language
import Tensors

/// Remembers the first numeric node that made a NaN; the run stops at the next chance.
final class NaNTrap: Sendable {
  private let found = Guarded<Fault?>(nil)

  var fault: Fault? { found.withLock { $0 } }

  func look(_ event: NodeEvent, step: UInt64) {
    guard fault == nil else { return }
    for result in event.results where result.type.dtype == .f32 {
      let numbers = UnsafeBufferPointer(
        start: result.bytes.assumingMemoryBound(to: Float.self), count: result.type.count)
      if numbers.contains(where: \.isNaN) {
        found.withLock { if $0 == nil { $0 = .trappedNaN(event.label, event.op, step: step) } }
        return
      }
    }
  }
}

/// What the engine gives to programs: passes node events to the trap, the probes and the observer. One per step, so
/// that the trap knows the step.
struct ProgramObserver: RunObserver {
  let trap: NaNTrap?
  let probes: [any RunObserver]
  let observer: (any EngineObserver)?
  var step: UInt64 = 0

  /// Whether values are looked at, not only times.
  var seesValues: Bool { trap != nil || !probes.isEmpty }

  func finished(_ event: NodeEvent) {
    trap?.look(event, step: step)
    for probe in probes { probe.finished(event) }
    observer?.happened(
      .program(
        path: event.label, op: event.op, choice: event.choice, start: event.start, end: event.end,
        bytes: event.results.reduce(0) { $0 + $1.type.byteCount }, operations: event.operations))
  }

  func at(step: UInt64) -> ProgramObserver {
    var copy = self
    copy.step = step
    return copy
  }
}
