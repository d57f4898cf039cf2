import Glibc
import Synchronization
import Tensors

/// A folder of sealed files under digests, shared by processes without locks: every file appears whole by a rename,
/// carries a checksum over its name and content, and is removed when that does not hold.
final class DiskStore: Sendable {
  enum Shelf: String, CaseIterable { case keys, blobs, loops }

  let root: String
  private let counter = Atomic<Int>(0)

  /// nil when the folder cannot be made.
  init?(root: String) {
    self.root = root
    for name in Shelf.allCases.map(\.rawValue) + ["temporary", "locks", "runs"] {
      guard Files.makeFolder(root + "/" + name) else { return nil }
    }
  }

  func folder(_ shelf: Shelf) -> String { root + "/" + shelf.rawValue }

  /// Files lie in 256 folders by the first two digits.
  func path(_ shelf: Shelf, _ name: String) -> String { folder(shelf) + "/" + name.prefix(2) + "/" + name }

  func temporaryPath() -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    return "\(root)/temporary/\(Files.processID)-\(ObjectIdentifier(self).hashValue)-\(number)"
  }

  /// Writes `payload` sealed with its checksum. False when the disk refuses.
  @discardableResult
  func put(_ payload: ByteWriter, _ shelf: Shelf, _ name: String) -> Bool { writing(payload, shelf, name) == 0 }

  /// The same; 0, or the system's number for what went wrong.
  func writing(_ payload: ByteWriter, _ shelf: Shelf, _ name: String) -> Int32 {
    let target = path(shelf, name)
    return payload.withPieces { pieces in
      var hasher = ContentHasher()
      for piece in pieces { hasher.append(piece) }
      let seal = DiskStore.seal(name, hasher.digest)
      return withUnsafeBytes(of: (seal.high.littleEndian, seal.low.littleEndian)) { seal in
        let first = Files.writing(pieces + [seal], to: target, temporary: temporaryPath())
        // The folder may not exist yet.
        guard first == ENOENT, Files.makeFolder(folder(shelf) + "/" + name.prefix(2)) else { return first }
        return Files.writing(pieces + [seal], to: target, temporary: temporaryPath())
      }
    }
  }

  /// The payload, or nil when there is none. A damaged file counts as none and is removed.
  func get(_ shelf: Shelf, _ name: String) -> Buffer? {
    let target = path(shelf, name)
    guard let whole = Files.read(target) else { return nil }
    if let payload = DiskStore.opened(whole, name) { return payload }
    Files.remove(target)
    return nil
  }

  func has(_ shelf: Shelf, _ name: String) -> Bool { Files.facts(path(shelf, name)) != nil }

  @discardableResult
  func remove(_ shelf: Shelf, _ name: String) -> Bool { Files.remove(path(shelf, name)) }

  /// Every name on a shelf, sorted.
  func names(_ shelf: Shelf) -> [String] {
    Files.names(folder(shelf)).flatMap { Files.names(folder(shelf) + "/" + $0) }
  }

  func size(_ shelf: Shelf, _ name: String) -> Int { Files.facts(path(shelf, name))?.size ?? 0 }

  private static func seal(_ name: String, _ payload: Digest) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(name)
    hasher.combine(payload)
    return hasher.digest
  }

  private static func opened(_ whole: Buffer, _ name: String) -> Buffer? {
    let count = whole.byteCount - 16
    guard count >= 0 else { return nil }
    let seal = Digest(
      high: UInt64(littleEndian: (whole.bytes + count).loadUnaligned(as: UInt64.self)),
      low: UInt64(littleEndian: (whole.bytes + count + 8).loadUnaligned(as: UInt64.self)))
    let payload = UnsafeRawBufferPointer(start: whole.bytes, count: count)
    guard DiskStore.seal(name, Digest(of: payload)) == seal else { return nil }
    return Buffer(borrowing: whole.bytes, byteCount: count) { _ in withExtendedLifetime(whole) {} }
  }
}
