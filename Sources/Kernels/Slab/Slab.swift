import CKernels

/// Passes over flat slabs of floats. Sums are taken in Double over eight interleaved accumulators, the same ones on
/// every instruction set, so a sum depends on the elements and their number only.
public enum Slab {
  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Double { accumulate(0, count, x, x) }

  public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Double {
    accumulate(1, count, x, y)
  }

  /// The sum of absolute values.
  public static func norm1(_ x: UnsafePointer<Float>, count: Int) -> Double { accumulate(2, count, x, x) }

  /// The Euclidean norm.
  public static func norm2(_ x: UnsafePointer<Float>, count: Int) -> Double {
    sumOfSquares(x, count: count).squareRoot()
  }

  public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double { accumulate(3, count, x, x) }

  public static func sumOfSquaredDifferences(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) -> Double { accumulate(4, count, x, y) }

  public static func sumOfAbsoluteDifferences(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) -> Double { accumulate(6, count, x, y) }

  /// The largest absolute value, NaN if there is one, 0 for none.
  public static func largestMagnitude(_ x: UnsafePointer<Float>, count: Int) -> Double { accumulate(5, count, x, x) }

  /// y += alpha x
  public static func axpy(
    alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) { weft_kernels().pointee.axpy(count, alpha, x, y) }

  /// y = x * scale + shift; x and y may be the same.
  public static func affine(
    _ x: UnsafePointer<Float>, scale: Float, shift: Float = 0, _ y: UnsafeMutablePointer<Float>, count: Int
  ) { weft_kernels().pointee.affine(count, x, scale, shift, y) }

  /// The dot products of x with several slabs of its length: to[r] = x · with[r].
  public static func dots(
    _ x: UnsafePointer<Float>, with: UnsafeBufferPointer<UnsafePointer<Float>>, count: Int,
    to: UnsafeMutablePointer<Double>
  ) {
    guard let rows = with.baseAddress else { return }
    weft_kernels().pointee.dots(count, x, with.count, rows, to)
  }

  /// to += factors[r] from[r], row after row, rounded as if each were added alone.
  public static func addScaled(
    _ from: UnsafeBufferPointer<UnsafePointer<Float>>, factors: UnsafePointer<Float>,
    to: UnsafeMutablePointer<Float>, count: Int
  ) {
    guard let rows = from.baseAddress else { return }
    weft_kernels().pointee.add_scaled(count, from.count, factors, rows, to)
  }

  private static func accumulate(
    _ what: Int32, _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Double { weft_kernels().pointee.accumulate(what, count, x, y) }
}
