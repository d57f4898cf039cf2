import Glibc
import Language
import Tensors

/// The few file operations that the stores need, on paths.
enum Files {
  struct Facts: Sendable {
    let size: Int
    /// Modification time, nanoseconds since 1970.
    let modified: Int64
    let inode: UInt64
    let isFolder: Bool
  }

  static func facts(_ path: String) -> Facts? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return Facts(
      size: Int(info.st_size), modified: Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec),
      inode: UInt64(info.st_ino), isFolder: info.st_mode & S_IFMT == S_IFDIR)
  }

  /// Makes a folder and those above it, for the owner only. True when it is there afterwards.
  @discardableResult
  static func makeFolder(_ path: String) -> Bool {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
    return makeFolder(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
  }

  /// Names in a folder, sorted bytewise, without `.` and `..`; empty when it is absent.
  static func names(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The whole file, or nil when it cannot be read.
  static func read(_ path: String) -> Buffer? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    let buffer = Buffer(byteCount: Int(info.st_size))
    var done = 0
    while done < buffer.byteCount {
      let count = Glibc.read(file, buffer.bytes + done, buffer.byteCount - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      done += count
    }
    return buffer
  }

  /// Writes a file that is either there whole or not at all: under a temporary name first, then renamed; mode 0600.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String, temporary: String) -> Bool {
    writing([bytes], to: path, temporary: temporary) == 0
  }

  /// The same of pieces, one behind the other; 0, or the system's number for what went wrong.
  static func writing(_ pieces: [UnsafeRawBufferPointer], to path: String, temporary: String) -> Int32 {
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return errno }
    var failure: Int32 = 0
    pieces: for piece in pieces {
      var done = 0
      while done < piece.count {
        let count = Glibc.write(file, piece.baseAddress! + done, piece.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          failure = count < 0 ? errno : ENOSPC
          break pieces
        }
        done += count
      }
    }
    // Some file systems say only here that there was no room.
    if close(file) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(temporary, path) != 0 { failure = errno }
    if failure != 0 { unlink(temporary) }
    return failure
  }

  /// The system's words for a number; nil for 0.
  static func reason(_ number: Int32) -> String? { number == 0 ? nil : String(cString: strerror(number)) }

  @discardableResult
  static func remove(_ path: String) -> Bool { unlink(path) == 0 }

  /// Digest of a file's content, read in pieces; nil when it cannot be read.
  static func digest(_ path: String) -> Digest? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var hasher = ContentHasher()
    while true {
      var filled = 0
      // Pieces are filled to the brim, so that the digest does not depend on how reads were cut.
      while filled < piece.count {
        let count = Glibc.read(file, piece.baseAddress! + filled, piece.count - filled)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return nil }
        if count == 0 { break }
        filled += count
      }
      hasher.combine(UnsafeRawBufferPointer(rebasing: piece[..<filled]))
      if filled < piece.count { return hasher.digest }
    }
  }

  static var processID: Int { Int(getpid()) }

  static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// Clocks.
enum Clock {
  /// Monotonic, nanoseconds.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  static func seconds(since start: UInt64) -> Double { Double(now() - start) / 1e9 }

  /// Seconds since 1970.
  static func wall() -> Int { Int(time(nil)) }
}
