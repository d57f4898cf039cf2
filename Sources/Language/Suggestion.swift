/// "Did you mean": the candidate nearest to a mistyped name.
public enum Suggestion {
  /// The closest of `candidates` by edit distance with transpositions, or nil when nothing is near enough
  /// (more than a third of the letters differ, or all). Ties go to the first in byte order.
  public static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let letters = Array(name.utf8)
    let limit = min(max(1, (letters.count + 1) / 3), letters.count - 1)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      let distance = editDistance(letters, Array(candidate.utf8))
      guard distance <= limit else { continue }
      if best == nil || (distance, candidate) < (best!.distance, best!.name) { best = (distance, candidate) }
    }
    return best?.name
  }

  /// ` (did you mean "x"?)`, or nothing.
  public static func phrase(for name: String, in candidates: some Sequence<String>) -> String {
    nearest(to: name, in: candidates).map { " (did you mean \"\($0)\"?)" } ?? ""
  }

  /// Optimal string alignment distance (Damerau–Levenshtein without repeated edits of one substring).
  static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
