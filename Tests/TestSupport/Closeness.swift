/// The largest |a - b| / (1 + |b|), infinity where one side is NaN and the other is not, or counts differ.
public func largestError(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  var worst = 0.0
  for (a, b) in zip(actual, expected) {
    if a.isNaN != b.isNaN { return .infinity }
    if Double(a) == b || a.isNaN { continue }
    worst = max(worst, abs(Double(a) - b) / (1 + abs(b)))
  }
  return worst
}

/// The largest distance in units of the last place of `expected` as a Float.
public func largestUlps(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  var worst = 0.0
  for (a, b) in zip(actual, expected) {
    if a.isNaN != b.isNaN { return .infinity }
    if a.isNaN || Float(b) == a { continue }
    worst = max(worst, abs(Double(a) - b) / Double(Float(b).ulp))
  }
  return worst
}

/// Central differences of a scalar function, one element at a time, in Double.
public func centralDifferences(at x: [Double], step: Double = 1e-5, _ f: ([Double]) -> Double) -> [Double] {
  x.indices.map { i in
    var (up, down) = (x, x)
    up[i] += step
    down[i] -= step
    return (f(up) - f(down)) / (2 * step)
  }
}
