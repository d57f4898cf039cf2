import Glibc
import Language

/// The file of a gallery, before SQLite sees it.
enum GalleryFile {
  /// "Weft", in the header of every gallery.
  static let applicationID: UInt32 = 0x5765_6674

  /// Whether a file is there; refuses what is something else than a gallery.
  static func exists(_ path: String) throws(Fault) -> Bool {
    // Non-blocking, because opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw .cannotOpenGallery(path, errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .notAGallery(path, "it is no regular file")
    }
    // What a process that died before its first transaction left behind.
    if status.st_size == 0 { return true }
    var header = [UInt8](repeating: 0, count: 100)
    guard read(descriptor, &header, 100) == 100, header.starts(with: Array("SQLite format 3".utf8) + [0]) else {
      throw .notAGallery(path, "it does not begin as an SQLite file does")
    }
    let mark = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    // A fresh file carries its mark from the first transaction on.
    guard mark == applicationID || (mark == 0 && status.st_size <= 4096) else {
      throw .notAGallery(path, "it is a database of another program")
    }
    return true
  }

  /// Makes an empty file that only its owner may read. Another process may be quicker.
  static func create(_ path: String) throws(Fault) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0, errno != EEXIST { throw .cannotOpenGallery(path, errno) }
    if descriptor >= 0 { close(descriptor) }
  }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }
}
