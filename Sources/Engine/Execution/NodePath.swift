/// Names of nodes inside bodies. A graph names them from its root, `faces/detect`; a run names them by item and step,
/// `faces[3]/detect`.
enum NodePath {
  /// `path` as the run whose frame puts `prefix` (`faces[3]/`, or nothing) before its nodes names it.
  static func join(_ prefix: String, _ path: String) -> String {
    if prefix.isEmpty { return path }
    guard withoutItems(path).hasPrefix(withoutItems(prefix)) else { return prefix + path }
    let slash = UInt8(ascii: "/")
    var depth = prefix.utf8.count { $0 == slash }
    let rest = path.utf8.drop { byte in
      guard depth > 0 else { return false }
      if byte == slash { depth -= 1 }
      return true
    }
    return prefix + String(rest)!
  }

  /// `faces[3]/detect` is `faces/detect`.
  static func withoutItems(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "[")) else { return path }
    var depth = 0
    // Brackets are bytes of their own in UTF-8: whole characters stay whole.
    let kept = path.utf8.filter { byte in
      if byte == UInt8(ascii: "[") { depth += 1 }
      defer { if byte == UInt8(ascii: "]") { depth -= 1 } }
      return depth == 0
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
