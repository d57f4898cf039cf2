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

  @Test func everyInstructionSetSumsAlike() {
    var random = TestRandom(seed: 52)
    let x = random.floats(777)
    #expect(Set(InstructionSet.supported.map { $0.forced { Slab.sum(x, count: 777) } }).count == 1)
  }

  @Test(arguments: InstructionSet.supported) func stepsFollowTheirFormulas(set: InstructionSet) {
    var random = TestRandom(seed: 53)
    let start = random.floats(37)
    var (value, first, second) = (start, [Float](repeating: 0, count: 37), [Float](repeating: 0, count: 37))
    var (v, m, s) = (start.map(Double.init), [Double](repeating: 0, count: 37), [Double](repeating: 0, count: 37))
    for step in 1...5 {
      let gradient = random.floats(37)
      set.forced {
        AdamStep(rate: 0.1, epsilon: 1e-6, decay: 0.01, step: step).apply(
          count: 37, gradient: gradient, value: &value, first: &first, second: &second)
      }
      for i in 0..<37 {
        let g = Double(gradient[i])
        m[i] = 0.9 * m[i] + 0.1 * g
        s[i] = 0.999 * s[i] + 0.001 * g * g
        let (a, b) = (1 - (1...step).reduce(1.0) { p, _ in p * 0.9 }, 1 - (1...step).reduce(1.0) { p, _ in p * 0.999 })
        v[i] = v[i] * (1 - 0.1 * 0.01) - 0.1 * (m[i] / a) / ((s[i] / b).squareRoot() + 1e-6)
      }
    }
    #expect(largestError(value, v) < 2e-5)
    var (w, velocity) = (start, [Float](repeating: 0, count: 37))
    MomentumStep(rate: 0.5, momentum: 0.9, decay: 0.1, nesterov: true).apply(
      count: 37, gradient: start, value: &w, velocity: &velocity)
    #expect(largestError(w, start.map { Double($0) * (1 - 0.5 * 1.1 * 1.9) }) < 1e-6)
    set.forced { Slab.axpy(alpha: -2, start, &w, count: 37) }
    #expect(largestError(w, start.map { Double($0) * (1 - 0.5 * 1.1 * 1.9 - 2) }) < 1e-6)
  }
}
