import Glibc
import Language

/// An open regular file; closed when it goes.
struct InputFile: ~Copyable {
  let descriptor: Int32
  let count: Int

  init(_ path: String, maximumBytes: Int) throws(Fault) {
    // Non-blocking, because opening a pipe would wait for its writer.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      count = 0
      throw .cannotRead(path, SystemError.text(errno))
    }
    var status = stat()
    let code = fstat(descriptor, &status)
    count = Int(status.st_size)
    var fault: Fault?
    if code != 0 {
      fault = .cannotRead(path, SystemError.text(errno))
    } else if status.st_mode & S_IFMT == S_IFDIR {
      fault = .cannotRead(path, "it is a folder")
    } else if status.st_mode & S_IFMT != S_IFREG {
      fault = .cannotRead(path, "it is not a regular file")
    } else if count > maximumBytes {
      fault = .fileTooLarge(path, bytes: count, limit: maximumBytes)
    }
    if let fault { throw fault }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func contents(_ path: String) throws(Fault) -> [UInt8] {
    guard let bytes = ByteSource.file(descriptor: descriptor, count: count).bytes(at: 0, count) else {
      throw .cannotRead(path, "it changed while it was read")
    }
    return bytes
  }
}

enum SystemError {
  /// The system's words for an error number. (glibc's strerror is thread-safe since 2.32.)
  static func text(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}
