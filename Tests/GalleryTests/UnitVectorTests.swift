import Testing

@testable import Gallery

@Suite struct UnitVectorTests {
  @Test func lengthsAreOne() {
    #expect(UnitVector.of([3, 4]) == [0.6, 0.8])
    #expect(UnitVector.of([0, 0]) == nil)
    #expect(UnitVector.of([.infinity, 1]) == nil)
    #expect(UnitVector.of([.nan, 1]) == nil)
    #expect(UnitVector.of([1e30, 0]) == [1, 0])
  }

  @Test func meansAreDirections() {
    #expect(UnitVector.mean([[1, 0], [0, 1]]).map { $0.map { ($0 * 100).rounded() } } == [71, 71])
    #expect(UnitVector.mean([[1, 0], [-1, 0]]) == nil)
    #expect(UnitVector.mean([]) == nil)
  }
}
