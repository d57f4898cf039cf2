/// Sums over everything above and left of a point, by which the sum over any rectangle takes four reads (F. Crow,
/// "Summed-area tables for texture mapping", SIGGRAPH 1984). Tables are [height + 1, width + 1]; sums wrap at 32 bits, so
/// that differences are right for every rectangle whose own sum fits.
public enum IntegralImage {
  /// x: grey bytes [height, width]. `squares` sums squares.
  public static func run(
    height: Int, width: Int, x: UnsafePointer<UInt8>, sums: UnsafeMutablePointer<Int32>,
    squares: UnsafeMutablePointer<Int64>
  ) {
    let line = width + 1
    sums.update(repeating: 0, count: line)
    squares.update(repeating: 0, count: line)
    for row in 0..<height {
      let (source, sum, square) = (x + row * width, sums + (row + 1) * line, squares + (row + 1) * line)
      (sum[0], square[0]) = (0, 0)
      var (total, totalSquares): (Int32, Int64) = (0, 0)
      for column in 0..<width {
        let value = Int32(source[column])
        total &+= value
        totalSquares += Int64(value * value)
        sum[column + 1] = sum[column + 1 - line] &+ total
        square[column + 1] = square[column + 1 - line] + totalSquares
      }
    }
  }

  /// T(x, y): the sum over the cone above the corner (x, y), pixels (i, j) with j < y and |i - x + 1| < y - j; by it
  /// rectangles turned by 45° are summed (R. Lienhart and J. Maydt, "An extended set of Haar-like features", ICIP 2002).
  public static func tilted(
    height: Int, width: Int, x: UnsafePointer<UInt8>, sums: UnsafeMutablePointer<Int32>
  ) {
    let line = width + 1
    sums.update(repeating: 0, count: line)
    for row in 1..<height + 1 {
      let (here, above) = (sums + row * line, sums + (row - 1) * line)
      let source = x + (row - 1) * width
      here[0] = width > 0 ? above[1] : 0
      for column in 1..<max(1, line) {
        var sum = above[column - 1] &+ Int32(source[column - 1])
        if row > 1 { sum &+= Int32(source[column - 1 - width]) }
        if column < width { sum &+= above[column + 1] &- (row > 1 ? above[column - line] : 0) }
        here[column] = sum
      }
    }
  }
}
