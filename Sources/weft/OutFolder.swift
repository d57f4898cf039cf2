import Glibc
import Language

/// A folder that cannot be written is found before a long run, not after it.
enum OutFolder {
  static func check(_ path: String) throws(Fault) {
    var folder = path.isEmpty ? "." : path
    var status = stat()
    while stat(folder, &status) != 0 {
      guard errno == ENOENT else { throw .outFolder(path, errno) }
      let slash = folder.lastIndex(of: "/")
      folder = slash.map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .outFolder(path, ENOTDIR) }
    guard access(folder, W_OK | X_OK) == 0 else { throw .outFolder(path, errno) }
  }
}

extension Fault {
  static func outFolder(_ path: String, _ number: Int32) -> Fault {
    Fault("file", "cannot write to --out \(path): \(String(cString: strerror(number)))")
  }
}
