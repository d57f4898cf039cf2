import Engine
import Foundation

/// Remembers what an engine told.
final class Recorder: EngineObserver {
  private let events = LockedEvents()

  func happened(_ event: EngineEvent) { events.withLock { $0.append(event) } }

  /// Paths of nodes that ran, sorted.
  var ran: [String] {
    events.withLock { events in
      events.flatMap { event -> [String] in
        if case .finished(let node) = event { return [node.path] + node.alsoPaths }
        return []
      }
    }.sorted()
  }

  var cached: [String] {
    events.withLock { events in
      events.compactMap { event -> String? in
        if case .cached(let path, _) = event { return path }
        return nil
      }
    }.sorted()
  }

  var steps: [EngineEvent.Step] {
    events.withLock { events in
      events.compactMap { event -> EngineEvent.Step? in
        if case .step(let step) = event { return step }
        return nil
      }
    }
  }
}

/// Events behind a lock that the thread sanitizer knows.
private final class LockedEvents: @unchecked Sendable {
  // Unchecked because the list is mutable; it is touched with the lock held only.
  private var events: [EngineEvent] = []
  private let lock = NSLock()

  func withLock<R>(_ body: (inout [EngineEvent]) -> R) -> R {
    lock.lock()
    defer { lock.unlock() }
    return body(&events)
  }
}
