import Language
import Tensors

/// The last pairs of L-BFGS, and what directions are made of, kept up with each pair instead of summed again.
///
/// The two-loop recursion (Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4) looks at vectors only
/// through products of the steps s and the changes y with each other and with the gradient g, and its result is a sum of
/// these vectors (Chen, Wang and Zhou 2014, "Large-scale L-BFGS using MapReduce", section 3). Of the products it needs
/// s_i·y_j and y_i·y_j for i ≤ j. Because a new y is the difference of two gradients, those with older vectors are the
/// differences of what the vectors give with these gradients, which is known: two passes over the history per direction,
/// one for the products with the gradient, one for the sum.
struct PairHistory<Scalar: SlabScalar>: Sendable {
  /// The buffers are never written again once they are here.
  private struct Pair {
    let step: Buffer
    let change: Buffer
    /// s_i·y of the pairs up to this one, y its change, oldest first.
    var crossed: [Double]
    /// y_i·y, likewise.
    var squared: [Double]
  }

  private let limit: Int
  /// Oldest first.
  private var pairs: [Pair] = []
  /// s_i·g and y_i·g of the gradient before, of the pairs that there were.
  private var slopes = Slopes()

  private struct Slopes {
    var steps: [Double] = []
    var changes: [Double] = []
  }

  /// - Parameter limit: pairs to keep at most.
  init(limit: Int) { self.limit = limit }

  /// Pairs that are kept.
  var count: Int { pairs.count }

  /// Adds the pair of s and y, which must be the difference of the next gradient `direct` is given and the one before;
  /// the oldest goes where there are too many.
  mutating func append(step: Buffer, change: Buffer, curvature: Double, square: Double) {
    if pairs.count == limit {
      pairs.removeFirst()
      slopes.steps.removeFirst()
      slopes.changes.removeFirst()
      for index in pairs.indices {
        pairs[index].crossed.removeFirst()
        pairs[index].squared.removeFirst()
      }
    }
    pairs.append(Pair(step: step, change: change, crossed: [curvature], squared: [square]))
  }

  /// Sets the direction to −H·gradient; its slope, direction · gradient.
  mutating func direct(_ direction: Slab<Scalar>, gradient: Slab<Scalar>, _ sweep: Sweep) -> Double {
    let count = gradient.count
    let vectors = pairs.map { Slab<Scalar>($0.step) } + pairs.map { Slab<Scalar>($0.change) }
    let products = sweep.sums(count, of: vectors.count) { Passes.dots(gradient, vectors, $0, to: $1) }
    note(Slopes(steps: Array(products.prefix(pairs.count)), changes: Array(products.suffix(pairs.count))))
    let (own, factors) = factors()
    return sweep.sum(count) { Passes.combine(direction, gradient, factor: own, vectors, factors: factors, $0) }
  }

  /// Takes the products with the gradient of now in, and completes those of a pair that is new.
  private mutating func note(_ now: Slopes) {
    if let newest = pairs.last, newest.crossed.count < pairs.count {
      let before = slopes
      func differences(_ now: [Double], _ before: [Double]) -> [Double] { zip(now, before).map { $0 - $1 } }
      pairs[pairs.count - 1].crossed = differences(now.steps, before.steps) + newest.crossed
      pairs[pairs.count - 1].squared = differences(now.changes, before.changes) + newest.squared
    }
    slopes = now
  }

  /// Of the gradient in the direction, and of the steps and changes.
  private func factors() -> (own: Double, vectors: [Double]) {
    guard let newest = pairs.last else { return (-1, []) }
    let scale = newest.crossed.last! / newest.squared.last!
    var alpha = Array(repeating: 0.0, count: pairs.count)
    for index in pairs.indices.reversed() {
      var product = -slopes.steps[index]
      for later in index + 1..<pairs.count { product -= alpha[later] * pairs[later].crossed[index] }
      alpha[index] = product / pairs[index].crossed[index]
    }
    var steps = alpha
    for index in pairs.indices {
      var product = -slopes.changes[index]
      for other in pairs.indices { product -= alpha[other] * pairs[max(index, other)].squared[min(index, other)] }
      product *= scale
      for earlier in 0..<index { product += steps[earlier] * pairs[index].crossed[earlier] }
      steps[index] -= product / pairs[index].crossed[index]
    }
    return (-scale, steps + alpha.map { -scale * $0 })
  }

  /// Everything that the next direction depends on; how many pairs there are is not in it.
  var state: [NamedTensor] {
    var state: [NamedTensor] = [
      ("crossed", Self.flat(pairs.map(\.crossed))), ("squared", Self.flat(pairs.map(\.squared))),
      ("slopes", Self.flat([slopes.steps, slopes.changes])),
    ]
    for (index, pair) in pairs.enumerated() {
      let count = pair.step.byteCount / MemoryLayout<Scalar>.stride
      state.append(("step.\(index)", Tensor(dtype: Scalar.dtype, shape: [count], buffer: pair.step)))
      state.append(("change.\(index)", Tensor(dtype: Scalar.dtype, shape: [count], buffer: pair.change)))
    }
    return state
  }

  /// Takes what `state` gave of so many pairs, with vectors of `count` elements.
  init(limit: Int, pairs length: Int, count: Int, from reader: inout StateReader) throws(Fault) {
    self.limit = limit
    let crossed = try reader.values("crossed", Double.self, count: length * (length + 1) / 2)
    let squared = try reader.values("squared", Double.self, count: length * (length + 1) / 2)
    let slopes = try reader.values("slopes", Double.self, count: 2 * length)
    self.slopes = Slopes(steps: Array(slopes.prefix(length)), changes: Array(slopes.suffix(length)))
    for index in 0..<length {
      let step = try reader.tensor("step.\(index)", Scalar.dtype, count: count)
      let change = try reader.tensor("change.\(index)", Scalar.dtype, count: count)
      let first = index * (index + 1) / 2
      pairs.append(
        Pair(
          step: step.ownBuffer, change: change.ownBuffer, crossed: Array(crossed[first...first + index]),
          squared: Array(squared[first...first + index])))
    }
  }

  private static func flat(_ numbers: [[Double]]) -> Tensor {
    let numbers = numbers.flatMap { $0 }
    return Tensor(shape: [numbers.count], numbers)
  }
}
