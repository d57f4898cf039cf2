import Language
import Tensors

/// Records and values kept in memory: the least recently used values go first once `capacity` bytes are passed.
final class MemoryStore: Sendable {
  private struct Entry {
    var value: Value
    var bytes: Int
    var used: Int
  }

  private struct State {
    var records: [Digest: ResultRecord] = [:]
    var values: [Digest: Entry] = [:]
    var bytes = 0
    var clock = 0
  }

  private let state = Guarded(State())
  private let capacity: Int
  private let recordCapacity = 1 << 17

  init(capacity: Int) { self.capacity = capacity }

  func record(_ key: Digest) -> ResultRecord? { state.withLock { $0.records[key] } }

  func put(_ record: ResultRecord, _ key: Digest) {
    state.withLock {
      if $0.records.count >= recordCapacity { $0.records.removeAll() }
      $0.records[key] = record
    }
  }

  func has(_ digest: Digest) -> Bool { state.withLock { $0.values[digest] != nil } }

  func value(_ digest: Digest) -> Value? {
    state.withLock { state in
      state.clock += 1
      state.values[digest]?.used = state.clock
      return state.values[digest]?.value
    }
  }

  func put(_ value: Value, _ digest: Digest) {
    let bytes = value.byteCount + 128
    guard bytes <= capacity / 2 else { return }
    state.withLock { state in
      state.clock += 1
      guard state.values[digest] == nil else { return }
      state.values[digest] = Entry(value: value, bytes: bytes, used: state.clock)
      state.bytes += bytes
      guard state.bytes > capacity else { return }
      // Down to three quarters at once, so that sorting is rare.
      for (digest, entry) in state.values.sorted(by: { $0.value.used < $1.value.used }) {
        if state.bytes <= capacity / 4 * 3 { break }
        state.values[digest] = nil
        state.bytes -= entry.bytes
      }
    }
  }

  func removeRecord(_ key: Digest) { state.withLock { $0.records[key] = nil } }

  func removeValue(_ digest: Digest) {
    state.withLock { state in
      if let entry = state.values.removeValue(forKey: digest) { state.bytes -= entry.bytes }
    }
  }

  func clear() { state.withLock { $0 = State() } }

  /// The keys whose results came from `source`, with what they gave.
  func records(from source: Digest) -> [(key: Digest, record: ResultRecord)] {
    state.withLock { state in
      state.records.filter { $0.value.sources.contains(source) }.map { (key: $0.key, record: $0.value) }
    }
  }
}
