import Glibc
import Language

/// Wording of what can go wrong with files and their names.
extension Fault {
  static func badScale(_ scale: Double) -> Fault {
    .params("param \"scale\" must be a multiple of 1/8, but is \(scale)")
  }

  static func cannotRead(_ path: String, _ error: Int32) -> Fault {
    Fault("file", "cannot read \(path): \(String(cString: strerror(error)))")
  }

  static func cannotWrite(_ path: String, _ error: Int32) -> Fault {
    Fault("file", "cannot write \(path): \(String(cString: strerror(error)))")
  }

  static func notAFile(_ path: String) -> Fault { Fault("file", "\(path) is not a regular file") }

  static func fileTooLarge(_ path: String, _ count: Int, limit: Int) -> Fault {
    Fault("file", "\(path): \(count) bytes are above the limit of \(limit)")
  }
}
