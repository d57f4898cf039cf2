import Glibc
import Language
import Synchronization

/// Files that graphs write.
enum OutputFile {
  private static let serial = Atomic<Int>(0)

  /// Writes `text` so that whoever opens `path` sees the old file or the new one; a failure leaves the old one.
  static func write(_ text: String, to path: String, mode: mode_t = 0o666) throws(Fault) {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  static func write(_ content: [UInt8], to path: String, mode: mode_t = 0o666) throws(Fault) {
    let number = serial.add(1, ordering: .relaxed).newValue
    let temporary = "\(path).\(getpid())-\(number).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
    var failure: Int32?
    content.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, failure == nil {
        let step = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if step >= 0 { done += step } else if errno != EINTR { failure = errno }
      }
    }
    if close(descriptor) != 0, failure == nil { failure = errno }
    if failure == nil, rename(temporary, path) != 0 { failure = errno }
    if let failure {
      unlink(temporary)
      throw .cannotWrite(path, failure)
    }
  }

  /// Makes the folder that a file is to lie in, and those above it.
  static func makeFolder(of path: String) throws(Fault) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    try makeFolder(String(path[..<slash]))
  }

  private static func makeFolder(_ folder: String) throws(Fault) {
    if FileContent.isFolder(folder) == true { return }
    try makeFolder(of: folder)
    // Another process may have made it meanwhile.
    if mkdir(folder, 0o777) != 0, FileContent.isFolder(folder) != true { throw .cannotWrite(folder, errno) }
  }
}
