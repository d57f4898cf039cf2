import Language

/// Steps that follow each other and work element by element on one cut (`Choice.flat`): all of them are done to a chunk
/// before the next chunk, so that what they hand to each other comes from the cache.
enum FlatSpan {
  /// The spans of a program, of two steps or more. What steps of a span touch must live through all of it: chunks are
  /// at different steps at the same time.
  static func spans(_ nodes: [Blueprint.Operation]) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    var start = 0
    while start < nodes.count {
      var end = start + 1
      if let cut = nodes[start].choice.flat, cut.chunks > 1 {
        while end < nodes.count, nodes[end].choice.flat == cut { end += 1 }
      }
      if end > start + 1 { spans.append(start..<end) }
      start = end
    }
    return spans
  }

  /// Of spans those that cost no memory: all, or one by one as long as they are few enough to try.
  /// - Parameters:
  ///   - least: bytes that a program without spans needs.
  ///   - bytes: of a program with these spans.
  static func affordable(_ spans: [Range<Int>], least: Int, bytes: ([Range<Int>]) -> Int) -> [Range<Int>] {
    if bytes(spans) <= least { return spans }
    guard spans.count <= 64 else { return [] }
    return spans.reduce(into: []) { kept, span in if bytes(kept + [span]) <= least { kept.append(span) } }
  }
}
