import Language
import Tensors

/// Content digests of files. A file whose path, size, modification time and inode are as before is not read again; what
/// was learnt is kept on disk too.
public final class FileDigests: Sendable {
  private struct Entry {
    var size: Int
    var modified: Int64
    var inode: UInt64
    var digest: Digest
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var isChanged = false
  }

  private let state: Guarded<State>
  private let path: String?
  /// A file changed this recently may change again within the resolution of its time stamp: never trusted from memory.
  private static let settling: Int64 = 50_000_000

  init(path: String?) {
    self.path = path
    state = Guarded(State(entries: path.map(FileDigests.load) ?? [:]))
  }

  /// Digest of a file's content, or of a folder's names and contents, recursively.
  public func digest(_ path: String) throws(Fault) -> Digest {
    guard let facts = Files.facts(path) else { throw .unreadable(path) }
    if facts.isFolder { return try folder(path) }
    let name = Files.absolute(path)
    let known = state.withLock { $0.entries[name] }
    if let known, known.size == facts.size, known.modified == facts.modified, known.inode == facts.inode {
      return known.digest
    }
    guard let digest = Files.digest(path) else { throw .unreadable(path) }
    let isSettled = Int64(Clock.wall()) * 1_000_000_000 - facts.modified > FileDigests.settling
    if isSettled, let after = Files.facts(path), after.size == facts.size, after.modified == facts.modified {
      state.withLock {
        $0.entries[name] = Entry(size: facts.size, modified: facts.modified, inode: facts.inode, digest: digest)
        $0.isChanged = true
      }
    }
    return digest
  }

  private func folder(_ path: String) throws(Fault) -> Digest {
    var hasher = ContentHasher()
    hasher.combine("folder")
    for name in Files.names(path) where !name.hasPrefix(".") {
      hasher.combine(name)
      hasher.combine(try digest(path + "/" + name))
    }
    return hasher.digest
  }

  func clear() {
    state.withLock { $0 = State() }
    if let path { Files.remove(path) }
  }

  func forget(_ digest: Digest) {
    let kept = state.withLock { state in
      state.entries = state.entries.filter { $0.value.digest != digest }
      return state.entries
    }
    write((path.map(FileDigests.load) ?? [:]).filter { $0.value.digest != digest }.merging(kept) { $1 })
  }

  /// Writes what was learnt. Another process's findings since the start are merged in, not lost.
  func save() {
    let entries = state.withLock { state -> [String: Entry]? in
      guard state.isChanged else { return nil }
      state.isChanged = false
      return state.entries
    }
    if let entries, let path { write(FileDigests.load(path).merging(entries) { $1 }) }
  }

  private func write(_ entries: [String: Entry]) {
    guard let path else { return }
    var text = ""
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where !name.contains("\n") {
      text += "\(entry.digest) \(entry.size) \(entry.modified) \(entry.inode) \(name)\n"
    }
    text += "\(Digest(of: text))\n"
    text.withUTF8 { bytes in
      _ = Files.write(UnsafeRawBufferPointer(bytes), to: path, temporary: "\(path).\(Files.processID)")
    }
  }

  private static func load(_ path: String) -> [String: Entry] {
    guard let buffer = Files.read(path) else { return [:] }
    let text = String(
      decoding: UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount), as: UTF8.self)
    guard text.utf8.count > 33 else { return [:] }
    let body = text.dropLast(33)
    guard Digest(text.dropLast().suffix(32)) == Digest(of: String(body)) else { return [:] }
    var entries: [String: Entry] = [:]
    for line in body.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 4)
      guard parts.count == 5, let digest = Digest(parts[0]), let size = Int(parts[1]), let modified = Int64(parts[2]),
        let inode = UInt64(parts[3])
      else { continue }
      entries[String(parts[4])] = Entry(size: size, modified: modified, inode: inode, digest: digest)
    }
    return entries
  }
}
