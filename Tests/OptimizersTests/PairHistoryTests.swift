import Tensors
import Testing

@testable import Optimizers

/// Directions against the two-loop recursion done vector by vector.
@Suite struct PairHistoryTests {
  private struct Reference {
    let limit: Int
    var pairs: [(step: [Double], change: [Double])] = []

    static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    static func add(_ a: [Double], _ factor: Double, _ b: [Double]) -> [Double] { zip(a, b).map { $0 + factor * $1 } }

    /// Nocedal and Wright, algorithm 7.4.
    func direction(_ gradient: [Double]) -> [Double] {
      var q = gradient.map { -$0 }
      guard let newest = pairs.last else { return q }
      var alpha: [Double] = []
      for pair in pairs.reversed() {
        alpha.append(Self.dot(pair.step, q) / Self.dot(pair.change, pair.step))
        q = Self.add(q, -alpha.last!, pair.change)
      }
      let scale = Self.dot(newest.change, newest.step) / Self.dot(newest.change, newest.change)
      q = q.map { scale * $0 }
      for (pair, alpha) in zip(pairs, alpha.reversed()) {
        q = Self.add(q, alpha - Self.dot(pair.change, q) / Self.dot(pair.change, pair.step), pair.step)
      }
      return q
    }
  }

  private func buffer<T: SlabScalar>(_ numbers: [T]) -> Buffer { Tensor(shape: [numbers.count], numbers).buffer }

  private func direct<T: SlabScalar>(
    _ history: inout PairHistory<T>, _ gradient: [T]
  ) -> (direction: [T], slope: Double) {
    var (gradient, direction) = (gradient, Array(repeating: T.zero, count: gradient.count))
    let slope = gradient.withUnsafeMutableBufferPointer { gradient in
      direction.withUnsafeMutableBufferPointer { history.direct(Slab($0), gradient: Slab(gradient), .serial) }
    }
    return (direction, slope)
  }

  /// Walks down an ill-scaled bowl; some pairs are left out, as those without curvature are.
  private func walk<T: SlabScalar>(_ type: T.Type, within tolerance: Double) {
    let count = 50
    var history = PairHistory<T>(limit: 6)
    var reference = Reference(limit: 6)
    func slope(_ x: [T]) -> [T] { x.indices.map { x[$0] * T(1 + $0 % 7) + (x[($0 + 1) % count] - x[$0]) / 4 } }
    var point = (0..<count).map { T($0 * 37 % 23) - 11 }
    var gradient = slope(point)
    for turn in 0..<20 {
      let (direction, slopeAlong) = direct(&history, gradient)
      let expected = reference.direction(gradient.map(Double.init))
      let size = Reference.dot(expected, expected).squareRoot()
      let error = Reference.add(expected, -1, direction.map(Double.init))
      #expect(Reference.dot(error, error).squareRoot() <= tolerance * size, "turn \(turn)")
      let along = Reference.dot(direction.map(Double.init), gradient.map(Double.init))
      #expect(abs(slopeAlong - along) <= 1e-12 * abs(along), "turn \(turn)")
      let step = direction.map { $0 / 4 }
      point = zip(point, step).map { $0 + $1 }
      let next = slope(point)
      let change = zip(next, gradient).map { $0 - $1 }
      gradient = next
      if turn % 5 == 3 { continue }
      let (s, y) = (step.map(Double.init), change.map(Double.init))
      history.append(
        step: buffer(step), change: buffer(change), curvature: Reference.dot(s, y), square: Reference.dot(y, y))
      reference.pairs.append((s, y))
      if reference.pairs.count > reference.limit { reference.pairs.removeFirst() }
    }
    #expect(history.count == 6)
  }

  @Test func directionsAreThoseOfTheTwoLoopRecursion() {
    walk(Double.self, within: 1e-11)
    walk(Float.self, within: 2e-5)
  }

  @Test func aRestoredHistoryGoesOnAlike() throws {
    var history = PairHistory<Float>(limit: 3)
    var gradient: [Float] = [4, -2, 1, 8]
    _ = direct(&history, gradient)
    for turn in 1..<6 {
      let (step, next) = (gradient.map { -$0 / 8 }, gradient.map { $0 * (1 - Float(turn) / 8) })
      let change = zip(next, gradient).map { $0 - $1 }
      func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
      history.append(
        step: buffer(step), change: buffer(change), curvature: dot(step, change), square: dot(change, change))
      gradient = next
      let found = direct(&history, gradient)
      var reader = try StateReader(history.state, of: "lbfgs")
      var copy = try PairHistory<Float>(limit: 3, pairs: history.count, count: 4, from: &reader)
      try reader.finish()
      #expect(direct(&copy, gradient) == direct(&history, gradient))
      #expect(direct(&copy, gradient) == found)
    }
  }
}
