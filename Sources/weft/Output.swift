import Glibc
import Synchronization

/// What the program says: results on standard output, everything for people on standard error.
enum Output {
  static func error(_ text: String) {
    if text.isEmpty { return }
    Screen.say(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// One at a time: a pipe takes a long line in pieces.
  private static let results = Mutex(())

  static func result(_ text: String) {
    results.withLock { _ in write(text.hasSuffix("\n") ? text : text + "\n", to: 1) }
  }

  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var at = 0
      while at < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + at, bytes.count - at)
        if count < 0, errno == EINTR { continue }
        // A closed pipe is the reader's wish; there is nobody left to tell.
        if count <= 0 { return }
        at += count
      }
    }
  }
}

/// Exit codes of every command.
enum ExitStatus {
  static let nodeFailed: Int32 = 1
  static let wrongGraph: Int32 = 2
  static let someItemsFailed: Int32 = 3
  static let interrupted: Int32 = 130
}
