/// A table from the names in a file to the names a network uses. A key or value may hold one `*`; that of the value
/// stands for what that of the key matched: `"features.*.kernel": "conv*.weight"`. An exact key wins over a pattern,
/// and of patterns the one with most literal characters; names that nothing matches stay as they are.
public struct Rename: Sendable {
  private struct Pattern {
    let prefix: String
    let suffix: String
    let target: String

    var literal: Int { prefix.utf8.count + suffix.utf8.count }
  }

  private let exact: [String: String]
  private let patterns: [Pattern]
  /// Equal tables have equal text; part of the digest of renamed weights.
  public let canonical: String

  /// `file` is for messages.
  public init(_ table: [String: String], for file: String = "") throws(Fault) {
    var exact: [String: String] = [:]
    var patterns: [Pattern] = []
    for (key, target) in table.sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: "*", omittingEmptySubsequences: false)
      let stars = target.count { $0 == "*" }
      guard parts.count <= 2, stars < parts.count || stars == 0 else {
        throw .badRename(
          file, "\"\(key)\": \"\(target)\" has too many stars; each side has at most one, the value only with the key")
      }
      if parts.count == 1 {
        exact[key] = target
      } else {
        patterns.append(Pattern(prefix: String(parts[0]), suffix: String(parts[1]), target: target))
      }
    }
    // Stable against the order of a dictionary: sorted by key above, and ties keep that order.
    self.patterns = patterns.enumerated().sorted { ($1.element.literal, $0.offset) < ($0.element.literal, $1.offset) }
      .map(\.element)
    self.exact = exact
    canonical = Literal.object(table.mapValues(Literal.string)).description
  }

  private init() { (exact, patterns, canonical) = ([:], [], "{}") }

  public static let none = Rename()

  /// The network's name for a name in the file.
  public func callAsFunction(_ name: String) -> String {
    if let target = exact[name] { return target }
    for pattern in patterns
    where name.utf8.count >= pattern.literal && name.utf8.starts(with: pattern.prefix.utf8)
      && name.utf8.suffix(pattern.suffix.utf8.count).elementsEqual(pattern.suffix.utf8)
    {
      let middle = name.utf8.dropFirst(pattern.prefix.utf8.count).dropLast(pattern.suffix.utf8.count)
      return pattern.target.split(separator: "*", omittingEmptySubsequences: false)
        .joined(separator: String(Substring(middle)))
    }
    return name
  }
}
