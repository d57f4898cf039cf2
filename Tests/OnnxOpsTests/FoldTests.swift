import Testing

@testable import OnnxOps

@Suite struct FoldTests {
  @Test func logarithmsOfSumsDoNotOverflow() {
    [1000.0, 1000].withUnsafeBufferPointer { #expect(abs(LogSumExpFold.apply($0) - 1000.6931471805599) < 1e-12) }
    [Int64(-7), 2].withUnsafeBufferPointer { #expect(MeanFold.apply($0) == -2) }
    [Double.nan, 1].withUnsafeBufferPointer { #expect(LargestFold.apply($0).isNaN) }
  }
}
