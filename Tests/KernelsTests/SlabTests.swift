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

  /// The slabs one after the other in memory.
  private func withRows<R>(
    _ memory: [Float], _ count: Int, _ rows: Int, _ body: (UnsafeBufferPointer<UnsafePointer<Float>>) -> R
  ) -> R {
    memory.withUnsafeBufferPointer { memory in
      (0..<rows).map { memory.baseAddress! + $0 * count }.withUnsafeBufferPointer(body)
    }
  }

  @Test(arguments: InstructionSet.supported) func dotsAreThoseOfEachRow(set: InstructionSet) {
    var random = TestRandom(seed: 54)
    for (count, rows) in [(0, 3), (1, 1), (8, 4), (61, 5), (61, 0), (200, 11)] {
      let (x, memory) = (random.floats(count), random.floats(count * rows + 1))
      var dots = Array(repeating: Double.nan, count: rows)
      withRows(memory, count, rows) { with in set.forced { Slab.dots(x, with: with, count: count, to: &dots) } }
      for row in 0..<rows {
        let expected = (0..<count).reduce(0) { $0 + Double(x[$1]) * Double(memory[row * count + $1]) }
        #expect(abs(dots[row] - expected) < 1e-12, "\(count) x \(rows), row \(row)")
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func addScaledAddsRowAfterRow(set: InstructionSet) {
    var random = TestRandom(seed: 55)
    for (count, rows) in [(0, 3), (1, 1), (8, 4), (61, 5), (61, 0), (200, 11)] {
      let (start, memory, factors) = (random.floats(count), random.floats(count * rows + 1), random.floats(rows))
      var to = start
      withRows(memory, count, rows) { from in
        set.forced { Slab.addScaled(from, factors: factors, to: &to, count: count) }
      }
      var expected = start
      for row in 0..<rows {
        for index in 0..<count {
          let product = factors[row] * memory[row * count + index]
          expected[index] += product
        }
      }
      #expect(to == expected, "\(count) x \(rows)")
    }
  }

  @Test func everyInstructionSetSumsAlike() {
    var random = TestRandom(seed: 52)
    let x = random.floats(777)
    #expect(Set(InstructionSet.supported.map { $0.forced { Slab.sum(x, count: 777) } }).count == 1)
    let dots = InstructionSet.supported.map { set in
      var dots = [0.0, 0, 0, 0, 0]
      withRows(x + x + x + x + x, 777, 5) { with in set.forced { Slab.dots(x, with: with, count: 777, to: &dots) } }
      return dots
    }
    #expect(Set(dots).count == 1 && Set(dots[0]).count == 1)
  }

  @Test(arguments: InstructionSet.supported) func axpyAddsAMultiple(set: InstructionSet) {
    var random = TestRandom(seed: 53)
    let (x, start) = (random.floats(37), random.floats(37))
    var y = start
    set.forced { Slab.axpy(alpha: -2, x, &y, count: 37) }
    #expect(largestError(y, zip(start, x).map { Double($0) - 2 * Double($1) }) < 1e-6)
  }
}
