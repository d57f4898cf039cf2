import Glibc
import Language
import Tensors

/// Held by the process that computes a key, so that another one waits instead of repeating the work. The kernel drops
/// it when the holder dies, however that happens.
final class KeyLock: Sendable {
  private let file: Int32
  private let path: String

  private init(file: Int32, path: String) {
    self.file = file
    self.path = path
  }

  enum Outcome {
    case taken(KeyLock)
    case busy
    /// The folder does not allow it: work goes on without.
    case unavailable
  }

  static func attempt(_ path: String) -> Outcome {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { return .unavailable }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      return .busy
    }
    // The holder before may have removed the file after it was opened here; then the lock guards nothing.
    var mine = stat()
    var there = stat()
    guard fstat(file, &mine) == 0, stat(path, &there) == 0, mine.st_ino == there.st_ino else {
      close(file)
      return .busy
    }
    return .taken(KeyLock(file: file, path: path))
  }

  func release() {
    unlink(path)
    close(file)
  }
}
