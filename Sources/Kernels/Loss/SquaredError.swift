/// scale * the sum of (x - y)^2, and its gradient.
public enum SquaredError {
  /// The partial sum of one chunk, in Double; the caller adds the chunks in order and scales.
  public static func sum(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Double {
    Slab.sumOfSquaredDifferences(x, y, count: count)
  }

  /// dx = factor * (x - y), where factor = 2 * scale * the gradient of the loss; -dx is the gradient of y.
  public static func gradient(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, factor: Float, dx: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { dx[i] = factor * (x[i] - y[i]) }
  }
}
