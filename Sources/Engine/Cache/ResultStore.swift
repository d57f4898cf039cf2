import Language
import Synchronization
import Tensors

/// Results by key: key → record (digests of the results) and digest → bytes, in memory and, where a folder is given, on
/// disk. May be shared by any number of processes, any of which may be killed at any moment.
public final class ResultStore: Sendable {
  let memory: MemoryStore
  let disk: DiskStore?
  let loops = Guarded<[Digest: [Int: Value]]>([:])
  /// Bytes on disk above which entries are pruned.
  let capacity: Int
  let files: FileDigests
  private let failures = Atomic<Int>(0)
  private let written = Atomic<Int>(0)

  /// A store in `folder`, or in memory only. `capacity` and `memoryCapacity` in bytes.
  public init(folder: String? = nil, capacity: Int = 20 << 30, memoryCapacity: Int = 256 << 20) {
    disk = folder.flatMap { DiskStore(root: $0) }
    memory = MemoryStore(capacity: memoryCapacity)
    self.capacity = capacity
    files = FileDigests(path: disk.map { $0.root + "/files" })
  }

  /// Whether results outlive the process.
  public var isOnDisk: Bool { disk != nil }
  public var folder: String? { disk?.root }

  /// Writes that the disk refused since the start; results were not lost, only not kept.
  public var failedWrites: Int { failures.load(ordering: .relaxed) }

  func record(_ key: Digest) -> ResultRecord? {
    if let record = memory.record(key) { return record }
    guard let disk, let payload = disk.get(.keys, key.description), let record = ResultRecord(payload) else {
      return nil
    }
    memory.put(record, key)
    return record
  }

  /// Whether the bytes of a result are there (they may still turn out damaged).
  func has(_ digest: Digest) -> Bool { memory.has(digest) || disk?.has(.blobs, digest.description) ?? false }

  /// A stored result. Files that a value names must still have the content they had.
  func value(_ digest: Digest) -> Value? {
    if let value = memory.value(digest) { return isCurrent(value, digest) ? value : nil }
    guard let disk, let payload = disk.get(.blobs, digest.description), let value = ValueCodec.decode(payload),
      isCurrent(value, digest)
    else { return nil }
    memory.put(value, digest)
    return value
  }

  private func isCurrent(_ value: Value, _ digest: Digest) -> Bool {
    guard value.namesFiles else { return true }
    return (try? value.digest { path throws(Fault) in try files.digest(path) }) == digest
  }

  func put(_ record: ResultRecord, _ key: Digest) {
    memory.put(record, key)
    guard let disk else { return }
    note(disk.put(record.encoded(), .keys, key.description), 0)
  }

  /// Keeps the bytes of a result. False when it cannot be stored (big weights, a full disk).
  @discardableResult
  func put(_ value: Value, _ digest: Digest, weightLimit: Int = 1 << 20) -> Bool {
    if case .weights = value {} else { memory.put(value, digest) }
    guard let disk else { return memory.has(digest) }
    if disk.has(.blobs, digest.description) { return true }
    guard let bytes = ValueCodec.encode(value, weightLimit: weightLimit) else { return false }
    let stored = disk.put(bytes, .blobs, digest.description)
    note(stored, bytes.count)
    return stored
  }

  func forgetRecord(_ key: Digest) {
    memory.removeRecord(key)
    disk?.remove(.keys, key.description)
  }

  private func note(_ stored: Bool, _ bytes: Int) {
    if !stored { failures.add(1, ordering: .relaxed) }
    if written.add(bytes, ordering: .relaxed).newValue > capacity / 20 {
      written.store(0, ordering: .relaxed)
      _ = prune()
    }
  }
}

extension Value {
  /// Whether a file or folder stands anywhere in the value.
  var namesFiles: Bool {
    switch self {
    case .file: true
    case .list(let items): items.contains { $0.namesFiles }
    case .record(let record): record.fields.contains { $0.value.namesFiles }
    default: false
    }
  }

  /// The files and folders that stand in the value.
  var filePaths: [String] {
    switch self {
    case .file(let path): [path]
    case .list(let items): items.flatMap(\.filePaths)
    case .record(let record): record.fields.flatMap(\.value.filePaths)
    default: []
    }
  }
}
