import Glibc
import Language
import Tensors

/// Files of models on disk.
enum ModelFolder {
  /// Lies in the folder of a pack once all of it is there.
  static let completeMark = ".complete"

  /// Of a regular file; nil when there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  static func text(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }

  static func make(_ folder: String) throws(Fault) {
    var status = stat()
    if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex { try make(String(folder[..<slash])) }
    // Another process may have made it meanwhile.
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw .cannotWrite(folder, errno) }
  }

  /// SHA-256 of a file.
  static func sha256(_ path: String) throws(Fault) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
    defer { close(descriptor) }
    var hash = SHA256()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress!, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotOpen(path, errno) }
      if count == 0 { return hash.finish() }
      hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  /// Runs `body` while no other process works in the folder.
  static func locked<R>(_ folder: String, _ body: () throws(Fault) -> R) throws(Fault) -> R {
    let path = folder + "/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw .cannotWrite(path, errno) } }
    return try body()
  }
}
