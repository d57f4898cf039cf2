/// Brings windows together that lie on one another, as OpenCV's groupRectangles does.
enum CascadeGrouping {
  /// Classes of similar windows with more than `neighbours` members as their mean; of those that lie in one another the
  /// better founded remain. Two windows are similar when no side differs by more than `tolerance` times the mean of
  /// their smaller width and height.
  static func grouped(_ windows: [Box], neighbours: Int, tolerance: Double = 0.2) -> [(box: Box, count: Int)] {
    guard neighbours > 0 else { return windows.map { ($0, 1) } }
    var parent = Array(windows.indices)
    func root(_ index: Int) -> Int {
      var at = index
      while parent[at] != at {
        parent[at] = parent[parent[at]]
        at = parent[at]
      }
      return at
    }
    for first in windows.indices {
      for second in 0..<first where isSimilar(windows[first], windows[second], tolerance) {
        let (a, b) = (root(first), root(second))
        parent[max(a, b)] = min(a, b)
      }
    }
    var classes: [Int: (sum: Box, count: Int)] = [:]
    for (index, window) in windows.enumerated() {
      var entry = classes[root(index)] ?? (Box(x1: 0, y1: 0, x2: 0, y2: 0), 0)
      entry.sum = Box(
        x1: entry.sum.x1 + window.x1, y1: entry.sum.y1 + window.y1, x2: entry.sum.x2 + window.width,
        y2: entry.sum.y2 + window.height)
      entry.count += 1
      classes[root(index)] = entry
    }
    // The sums hold width and height in place of the far corner; means are whole numbers.
    let means = classes.sorted { $0.key < $1.key }.map { _, entry -> (box: Box, count: Int) in
      func mean(_ sum: Double) -> Double { (sum / Double(entry.count)).rounded(.toNearestOrEven) }
      let (x, y) = (mean(entry.sum.x1), mean(entry.sum.y1))
      return (Box(x1: x, y1: y, x2: x + mean(entry.sum.x2), y2: y + mean(entry.sum.y2)), entry.count)
    }
    return means.enumerated().filter { index, entry in
      entry.count > neighbours
        && !means.enumerated().contains { other, outer in
          other != index && outer.count > neighbours && isInside(entry.box, outer.box, tolerance)
            && (outer.count > max(3, entry.count) || entry.count < 3)
        }
    }.map(\.element)
  }

  private static func isSimilar(_ a: Box, _ b: Box, _ tolerance: Double) -> Bool {
    let limit = tolerance * (min(a.width, b.width) + min(a.height, b.height)) / 2
    return abs(a.x1 - b.x1) <= limit && abs(a.y1 - b.y1) <= limit && abs(a.x2 - b.x2) <= limit
      && abs(a.y2 - b.y2) <= limit
  }

  private static func isInside(_ inner: Box, _ outer: Box, _ tolerance: Double) -> Bool {
    let dx = (outer.width * tolerance).rounded(.toNearestOrEven)
    let dy = (outer.height * tolerance).rounded(.toNearestOrEven)
    return inner.x1 >= outer.x1 - dx && inner.y1 >= outer.y1 - dy && inner.x2 <= outer.x2 + dx
      && inner.y2 <= outer.y2 + dy
  }
}
