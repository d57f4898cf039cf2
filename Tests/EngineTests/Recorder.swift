import Engine
import Synchronization

/// Remembers what an engine told.
final class Recorder: EngineObserver {
  private let events = Mutex<[EngineEvent]>([])

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
