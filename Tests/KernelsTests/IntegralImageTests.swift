import TestSupport
import Testing

@testable import Kernels

@Suite struct IntegralImageTests {
  @Test(arguments: [(1, 1), (1, 5), (4, 1), (2, 2), (7, 9)])
  func `sums over rectangles and cones`(height: Int, width: Int) {
    var random = TestRandom(seed: 91)
    let x = (0..<height * width).map { _ in UInt8(random.next() & 255) }
    let count = (height + 1) * (width + 1)
    var (sums, tilted) = ([Int32](repeating: -1, count: count), [Int32](repeating: -1, count: count))
    var squares = [Int64](repeating: -1, count: count)
    IntegralImage.run(height: height, width: width, x: x, sums: &sums, squares: &squares)
    IntegralImage.tilted(height: height, width: width, x: x, sums: &tilted)
    for row in 0...height {
      for column in 0...width {
        var (sum, square, cone) = (0, 0, 0)
        for j in 0..<row {
          for i in 0..<width {
            let value = Int(x[j * width + i])
            if i < column { (sum, square) = (sum + value, square + value * value) }
            if abs(i - column + 1) <= row - j - 1 { cone += value }
          }
        }
        let at = row * (width + 1) + column
        #expect(Int(sums[at]) == sum && Int(squares[at]) == square, "\(row), \(column)")
        #expect(Int(tilted[at]) == cone, "\(row), \(column)")
      }
    }
  }
}
