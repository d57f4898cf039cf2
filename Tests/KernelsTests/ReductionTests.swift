import TestSupport
import Testing

@testable import Kernels

@Suite struct ReductionTests {
  static func reference(_ kind: Reduction.Kind, _ x: [Double]) -> Double {
    switch kind {
    case .sum: x.reduce(0, +)
    case .mean: x.reduce(0, +) / Double(x.count)
    case .maximum: x.max() ?? -.infinity
    case .minimum: x.min() ?? .infinity
    case .product: x.reduce(1, *)
    case .norm1: x.reduce(0) { $0 + abs($1) }
    case .norm2: x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .sumOfSquares: x.reduce(0) { $0 + $1 * $1 }
    }
  }

  static func row(_ x: [Float], _ reduction: Reduction, _ o: Int, _ i: Int) -> [Double] {
    (0..<reduction.length).map { Double(x[(o * reduction.length + $0) * reduction.inner + i]) }
  }

  @Test(arguments: InstructionSet.supported) func valuesAndGradientsAgree(set: InstructionSet) {
    var random = TestRandom(seed: 1)
    for (outer, length, inner) in [(1, 1, 1), (3, 7, 1), (2, 8, 3), (1, 100, 1), (2, 33, 5)] {
      let reduction = Reduction(outer: outer, length: length, inner: inner)
      let x = random.floats(outer * length * inner, in: 0.5...1.5).map { Bool.random(using: &random) ? $0 : -$0 }
      let dy = random.floats(outer * inner)
      for kind in Reduction.Kind.allCases {
        var y = [Float](repeating: .nan, count: outer * inner)
        var dx = [Float](repeating: .nan, count: x.count)
        set.forced {
          reduction.apply(kind, outer: 0..<outer, x: x, y: &y)
          reduction.gradient(kind, outer: 0..<outer, x: x, y: y, dy: dy, dx: &dx)
        }
        var values: [Double] = []
        var slopes = [Double](repeating: 0, count: x.count)
        for o in 0..<outer {
          for i in 0..<inner {
            let row = Self.row(x, reduction, o, i)
            values.append(Self.reference(kind, row))
            let row_slopes = centralDifferences(at: row) { Self.reference(kind, $0) }
            for p in 0..<length {
              slopes[(o * length + p) * inner + i] = row_slopes[p] * Double(dy[o * inner + i])
            }
          }
        }
        #expect(largestError(y, values) < 1e-6, "\(kind)")
        let scale = 1 + (slopes.map(abs).max() ?? 0)
        #expect(largestError(dx.map { $0 / Float(scale) }, slopes.map { $0 / scale }) < 1e-5, "\(kind)")
      }
    }
  }

  @Test func extremesHaveAPlace() {
    let reduction = Reduction(outer: 2, length: 3, inner: 2)
    let x: [Float] = [1, 5, 3, 5, 3, 2, .nan, -1, 9, -3, 8, -3]
    var index = [Int32](repeating: -1, count: 4)
    reduction.argument(of: .maximum, outer: 0..<2, x: x, index: &index)
    #expect(index == [1, 0, 0, 0])
    reduction.argument(of: .minimum, outer: 0..<2, x: x, index: &index)
    #expect(index == [0, 2, 0, 1])
  }

  @Test func nothingReducesToTheNeutralElement() {
    let reduction = Reduction(outer: 1, length: 0, inner: 1)
    for (kind, expected) in [(Reduction.Kind.sum, Float(0)), (.product, 1), (.maximum, -.infinity), (.norm2, 0)] {
      var y: Float = .nan
      reduction.apply(kind, outer: 0..<1, x: [0], y: &y)
      #expect(y == expected)
    }
  }
}
