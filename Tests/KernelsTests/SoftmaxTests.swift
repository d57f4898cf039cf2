import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct SoftmaxTests {
  static func reference(_ x: [Double], _ logarithmic: Bool) -> [Double] {
    let top = x.max() ?? 0
    let total = x.reduce(0) { $0 + exp($1 - top) }
    return x.map { logarithmic ? $0 - top - log(total) : exp($0 - top) / total }
  }

  @Test(arguments: InstructionSet.supported) func valuesAndGradientsAgree(set: InstructionSet) {
    var random = TestRandom(seed: 12)
    for (outer, length, inner) in [(1, 1, 1), (3, 10, 1), (2, 9, 4), (1, 1000, 1)] {
      for logarithmic in [false, true] {
        let softmax = Softmax(outer: outer, length: length, inner: inner, logarithmic: logarithmic)
        let x = random.floats(outer * length * inner, in: -20...90)
        let dy = random.floats(x.count)
        var y = [Float](repeating: .nan, count: x.count)
        var dx = y
        set.forced {
          GemmTests.withScratch(softmax.scratchBytes) {
            softmax.forward(outer: 0..<outer, x: x, y: &y, scratch: $0)
          }
          softmax.gradient(outer: 0..<outer, y: y, dy: dy, dx: &dx)
        }
        var values = [Double](repeating: 0, count: x.count)
        var slopes = values
        for o in 0..<outer {
          for i in 0..<inner {
            let places = (0..<length).map { (o * length + $0) * inner + i }
            let result = Self.reference(places.map { Double(x[$0]) }, logarithmic)
            let weights = places.map { Double(dy[$0]) }
            let total = zip(result, weights).reduce(0) { $0 + $1.1 * (logarithmic ? 1 : $1.0) }
            for (p, place) in places.enumerated() {
              values[place] = result[p]
              slopes[place] = logarithmic ? weights[p] - exp(result[p]) * total : result[p] * (weights[p] - total)
            }
          }
        }
        #expect(largestError(y, values) < 1e-6)
        #expect(largestError(dx, slopes) < 2e-5)
      }
    }
  }
}
