/// Names of nodes inside bodies. A graph names them from its root, `faces/detect`; a run names them by item and step,
/// `faces[3]/detect`.
enum NodePath {
  /// `path` as the run whose frame puts `prefix` (`faces[3]/`, or nothing) before its nodes names it.
  static func join(_ prefix: String, _ path: String) -> String {
    if prefix.isEmpty { return path }
    guard withoutItems(path).hasPrefix(withoutItems(prefix)) else { return prefix + path }
    let depth = prefix.utf8.count { $0 == UInt8(ascii: "/") }
    return prefix + path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(depth).joined(separator: "/")
  }

  /// `faces[3]/detect` is `faces/detect`.
  static func withoutItems(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "[")) else { return path }
    var depth = 0
    return String(
      path.filter { character in
        if character == "[" { depth += 1 }
        defer { if character == "]" { depth -= 1 } }
        return depth == 0
      })
  }
}
