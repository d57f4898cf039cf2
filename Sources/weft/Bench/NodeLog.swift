import Engine
import Synchronization

/// Adds up the nodes of compiled programs during one run, by path and kernel; or what the engine runs as one, compiled
/// parts and host nodes.
final class NodeLog: EngineObserver {
  struct Entry: Sendable {
    let path: String
    let op: String
    let kernel: String
    /// Order of first appearance.
    let position: Int
    var runs = 0
    var seconds = 0.0
    /// When its first run began and its last one ended, on a clock with an arbitrary zero, nanoseconds.
    let start: UInt64
    var end: UInt64
    /// Of one run of the node.
    let operations: Double
    let bytes: Int
  }

  private struct Key: Hashable {
    let path: String
    let op: String
    let kernel: String
  }

  private let entries = Mutex<[Key: Entry]>([:])
  private let countsParts: Bool

  init(countsParts: Bool) { self.countsParts = countsParts }

  func happened(_ event: EngineEvent) {
    switch event {
    case .program(let path, let op, let kernel, let start, let end, let bytes, let operations):
      add(path, op, kernel, start, end, bytes, operations)
    case .finished(let part) where countsParts: add(part.path, part.op, "", part.start, part.end, part.bytes, 0)
    default: break
    }
  }

  private func add(
    _ path: String, _ op: String, _ kernel: String, _ start: UInt64, _ end: UInt64, _ bytes: Int, _ operations: Double
  ) {
    entries.withLock {
      let key = Key(path: path, op: op, kernel: kernel)
      var entry =
        $0[key]
        ?? Entry(
          path: path, op: op, kernel: kernel, position: $0.count, start: start, end: end, operations: operations,
          bytes: bytes)
      entry.runs += 1
      entry.end = max(entry.end, end)
      entry.seconds += Double(end - start) / 1e9
      $0[key] = entry
    }
  }

  /// In the order in which the nodes first ran.
  var all: [Entry] { entries.withLock { $0.values.sorted { $0.position < $1.position } } }
}
