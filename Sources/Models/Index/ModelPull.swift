import Glibc
import Language
import Tensors

/// Brings models of the index onto this machine.
public struct ModelPull {
  /// What a pull did.
  public struct Outcome: Sendable {
    /// The file or folder.
    public let path: String
    /// It was here before.
    public let wasHere: Bool
    /// Of the download; nil when it was here before.
    public let sha256: String?
  }

  private let index: ModelIndex

  public init(_ index: ModelIndex) { self.index = index }

  /// Downloads, verifies and stores a model. What came of an interrupted download is gone on with.
  ///
  /// - Throws: when the download fails, or is not what the index says.
  public func pull(
    _ entry: ModelEntry, progress: ((_ now: Int, _ total: Int) -> Void)? = nil
  ) throws(Fault) -> Outcome {
    guard let url = entry.url else {
      guard let path = index.path(entry) else { throw .graphOfModelAbsent(entry.name, entry.graph ?? "") }
      return Outcome(path: path, wasHere: true, sha256: nil)
    }
    let folder = index.folder(entry)
    try ModelFolder.make(folder)
    return try ModelFolder.locked(folder) { () throws(Fault) -> Outcome in
      if let path = present(entry, folder) { return Outcome(path: path, wasHere: true, sha256: nil) }
      try refuseOpenDoor(entry, url)
      let part = "\(folder)/\(entry.file).part"
      try Download.fetch(url, into: part, progress: progress)
      let sha256 = try verify(entry, part)
      if entry.isPack {
        try ModelPack.unpack(part, into: folder)
        unlink(part)
        return Outcome(path: folder, wasHere: false, sha256: sha256)
      }
      let path = "\(folder)/\(entry.file)"
      guard rename(part, path) == 0 else { throw .cannotWrite(path, errno) }
      return Outcome(path: path, wasHere: false, sha256: sha256)
    }
  }

  private func present(_ entry: ModelEntry, _ folder: String) -> String? {
    if entry.isPack { return index.path(entry) }
    let path = "\(folder)/\(entry.file)"
    return index.path(entry) ?? (ModelFolder.size(path) == nil ? nil : path)
  }

  /// What nothing vouches for may not come over a line that anybody can change, except from this machine.
  private func refuseOpenDoor(_ entry: ModelEntry, _ url: String) throws(Fault) {
    guard entry.sha256 == nil, !url.hasPrefix("https://") else { return }
    let host = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != ":" }
    guard url.hasPrefix("http://"), ["127.0.0.1", "localhost"].contains(host) else { throw .openDoor(entry.name, url) }
  }

  /// The SHA-256 of the download, when it is as the index says; a wrong one is removed.
  private func verify(_ entry: ModelEntry, _ part: String) throws(Fault) -> String {
    let found = try ModelFolder.sha256(part)
    let size = ModelFolder.size(part) ?? 0
    var fault: Fault?
    if let bytes = entry.bytes, bytes != size { fault = .wrongSize(entry.name, found: size, wanted: bytes) }
    if let prefix = entry.sha256Prefix, !found.hasPrefix(prefix) {
      fault = .wrongHash(entry.name, found: found, wanted: prefix + "…")
    }
    if let wanted = entry.sha256, wanted != found { fault = .wrongHash(entry.name, found: found, wanted: wanted) }
    if let fault {
      unlink(part)
      throw fault
    }
    return found
  }
}
