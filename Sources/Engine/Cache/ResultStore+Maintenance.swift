import Language
import Tensors

/// What `weft cache` does.
extension ResultStore {
  public struct Stats: Sendable {
    public var records = 0
    public var results = 0
    public var checkpoints = 0
    public var bytes = 0
    /// Time that the records stand for.
    public var seconds = 0.0
  }

  public func stats() -> Stats {
    var stats = Stats()
    guard let disk else { return stats }
    for name in disk.names(.keys) {
      stats.records += 1
      stats.bytes += disk.size(.keys, name)
      if let payload = disk.get(.keys, name), let record = ResultRecord(payload) { stats.seconds += record.seconds }
    }
    for name in disk.names(.blobs) {
      stats.results += 1
      stats.bytes += disk.size(.blobs, name)
    }
    for name in disk.names(.loops) {
      stats.checkpoints += 1
      stats.bytes += disk.size(.loops, name)
    }
    return stats
  }

  /// Reads every entry; damaged ones are removed. Counts of sound and damaged entries.
  public func verify() -> (sound: Int, damaged: Int) {
    var result = (sound: 0, damaged: 0)
    guard let disk else { return result }
    for shelf in DiskStore.Shelf.allCases {
      for name in disk.names(shelf) {
        let payload = disk.get(shelf, name)
        let isSound: Bool
        switch shelf {
        case .keys: isSound = payload.flatMap { ResultRecord($0) } != nil
        case .blobs, .loops: isSound = payload.flatMap { ValueCodec.decode($0) } != nil
        }
        if isSound {
          result.sound += 1
        } else {
          disk.remove(shelf, name)
          result.damaged += 1
        }
      }
    }
    memory.clear()
    return result
  }

  /// Removes the entries that save the fewest seconds per byte until at most `limit` bytes are left (the store's
  /// capacity by default), and what killed processes left behind. Bytes removed.
  @discardableResult
  public func prune(limit: Int? = nil) -> Int {
    guard let disk else { return 0 }
    removeLeftovers(disk)
    let limit = limit ?? capacity
    struct Candidate {
      var shelf: DiskStore.Shelf
      var name: String
      var bytes: Int
      var worth: Double
    }
    var seconds: [String: Double] = [:]
    var candidates: [Candidate] = []
    for name in disk.names(.keys) {
      guard let payload = disk.get(.keys, name), let record = ResultRecord(payload) else { continue }
      for digest in record.digests { seconds[digest.description, default: 0] += record.seconds }
      // A record is small and gives early cutoff: it goes last among equals.
      let bytes = disk.size(.keys, name)
      candidates.append(Candidate(shelf: .keys, name: name, bytes: bytes, worth: (record.seconds + 1) / Double(bytes)))
    }
    for name in disk.names(.blobs) {
      let bytes = disk.size(.blobs, name)
      let worth = seconds[name, default: 0] / Double(max(1, bytes))
      candidates.append(Candidate(shelf: .blobs, name: name, bytes: bytes, worth: worth))
    }
    for name in disk.names(.loops) {
      let bytes = disk.size(.loops, name)
      // A state is worth about the default time between two checkpoints.
      candidates.append(Candidate(shelf: .loops, name: name, bytes: bytes, worth: 20 / Double(max(1, bytes))))
    }
    var total = candidates.reduce(0) { $0 + $1.bytes }
    let before = total
    for candidate in candidates.sorted(by: { $0.worth < $1.worth }) {
      if total <= limit { break }
      disk.remove(candidate.shelf, candidate.name)
      total -= candidate.bytes
    }
    if total < before { memory.clear() }
    return before - total
  }

  public func clear() {
    memory.clear()
    loops.withLock { $0.removeAll() }
    guard let disk else { return }
    for shelf in DiskStore.Shelf.allCases { for name in disk.names(shelf) { disk.remove(shelf, name) } }
    for name in Files.names(disk.root + "/runs") { Files.remove(disk.root + "/runs/" + name) }
    files.clear()
    removeLeftovers(disk)
  }

  /// Removes whatever came from the file with this content, loop states included. Entries removed.
  @discardableResult
  public func forget(_ source: Digest) -> Int {
    var removed = 0
    for (key, record) in memory.records(from: source) {
      for digest in record.digests { memory.removeValue(digest) }
      memory.removeRecord(key)
    }
    files.forget(source)
    loops.withLock { $0.removeAll() }
    guard let disk else { return removed }
    for name in disk.names(.keys) {
      guard let payload = disk.get(.keys, name), let record = ResultRecord(payload), record.sources.contains(source)
      else { continue }
      for digest in record.digests where disk.remove(.blobs, digest.description) { removed += 1 }
      if disk.remove(.keys, name) { removed += 1 }
    }
    // A loop's states do not say what they came from, so all of them go, and so do the notes for `why`.
    for name in disk.names(.loops) where disk.remove(.loops, name) { removed += 1 }
    for name in Files.names(disk.root + "/runs") { Files.remove(disk.root + "/runs/" + name) }
    return removed
  }

  /// The digest under which `forget` knows a file.
  public func digest(ofFile path: String) throws(Fault) -> Digest { try files.digest(path) }

  /// Temporary files of processes that were killed: older than an hour.
  private func removeLeftovers(_ disk: DiskStore) {
    for folder in ["temporary", "locks"] {
      for name in Files.names(disk.root + "/" + folder) {
        let path = disk.root + "/" + folder + "/" + name
        if let facts = Files.facts(path), facts.modified < Int64(Clock.wall() - 3600) * 1_000_000_000 {
          Files.remove(path)
        }
      }
    }
  }
}
