import Testing

@testable import Nodes

@Suite struct SceneNumbersTests {
  @Test func `numbers depend on seed and position, and fill their ranges evenly`() {
    func draw(_ seed: UInt64, _ position: Int) -> [Double] {
      var numbers = SceneNumbers(seed: seed, position: position)
      return (0..<500).map { _ in numbers.next(2, 6) }
    }
    let drawn = draw(1, 7)
    #expect(drawn == draw(1, 7) && drawn != draw(1, 8) && drawn != draw(2, 7))
    #expect(drawn.allSatisfy { (2..<6).contains($0) } && Set(drawn).count > 490)
    #expect(abs(drawn.reduce(0, +) / 500 - 4) < 0.2)
    var numbers = SceneNumbers(seed: 3, position: 0)
    #expect(Set((0..<200).map { _ in numbers.next(below: 4) }) == [0, 1, 2, 3])
    let sizes = (0..<2000).map { _ in numbers.nextSize(1, 100) }
    #expect(sizes.allSatisfy { (1...100).contains($0) })
    #expect(abs(sizes.count { $0 < 10 } - 1000) < 100)
  }
}
