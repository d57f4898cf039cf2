import TestSupport
import Testing

@testable import Kernels

@Suite struct SlabTests {
  @Test(arguments: InstructionSet.supported) func sumsAreThoseOfDouble(set: InstructionSet) {
    var random = TestRandom(seed: 51)
    for count in [0, 1, 7, 8, 9, 63, 1000] {
      let (x, y) = (random.floats(count), random.floats(count))
      let pairs = zip(x, y).map { (Double($0), Double($1)) }
      set.forced {
        #expect(abs(Slab.sum(x, count: count) - pairs.reduce(0) { $0 + $1.0 }) < 1e-10)
        #expect(abs(Slab.dot(x, y, count: count) - pairs.reduce(0) { $0 + $1.0 * $1.1 }) < 1e-10)
        #expect(abs(Slab.norm1(x, count: count) - pairs.reduce(0) { $0 + abs($1.0) }) < 1e-10)
        #expect(abs(Slab.sumOfSquares(x, count: count) - pairs.reduce(0) { $0 + $1.0 * $1.0 }) < 1e-10)
        let absolute = pairs.reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(abs(Slab.sumOfAbsoluteDifferences(x, y, count: count) - absolute) < 1e-10)
        #expect(Slab.largestMagnitude(x, count: count) == pairs.reduce(0) { max($0, abs($1.0)) })
      }
    }
    #expect(Slab.largestMagnitude([1, .nan, 2], count: 3).isNaN)
  }

  @Test(arguments: InstructionSet.supported) func addScaleDotIsThreeStepsInOne(set: InstructionSet) {
    var random = TestRandom(seed: 54)
    for count in [0, 1, 8, 61] {
      let (start, from, with) = (random.floats(count), random.floats(count), random.floats(count))
      var to = start
      let dot = set.forced { Slab.addScaleDot(&to, factor: -2, from, scale: 0.5, with: with, count: count) }
      let expected = zip(start, from).map { (Double($0) - 2 * Double($1)) * 0.5 }
      #expect(largestError(to, expected) < 1e-6)
      #expect(abs(dot - zip(to, with).reduce(0) { $0 + Double($1.0) * Double($1.1) }) < 1e-10)
    }
  }

  @Test func everyInstructionSetSumsAlike() {
    var random = TestRandom(seed: 52)
    let x = random.floats(777)
    #expect(Set(InstructionSet.supported.map { $0.forced { Slab.sum(x, count: 777) } }).count == 1)
  }

  @Test(arguments: InstructionSet.supported) func axpyAddsAMultiple(set: InstructionSet) {
    var random = TestRandom(seed: 53)
    let (x, start) = (random.floats(37), random.floats(37))
    var y = start
    set.forced { Slab.axpy(alpha: -2, x, &y, count: 37) }
    #expect(largestError(y, zip(start, x).map { Double($0) - 2 * Double($1) }) < 1e-6)
  }
}
