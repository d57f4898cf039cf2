import Kernels
import Language

/// Sums and the like over some axes of a row-major tensor. Neighbouring axes of one kind are merged; each result is
/// accumulated in Double over its elements in memory order, so that neither chunks nor threads change a bit.
struct Reduction: Sendable {
  enum Kind: String, Sendable { case sum, sumOfMagnitudes, sumOfSquares, max, min }

  /// Kept and reduced loops apart, outermost first; the innermost loop of the input is taken out of its list.
  private let kept: Nest
  private let reduced: Nest
  private let inner: Int
  private let innerIsKept: Bool
  private let kind: Kind
  /// The accumulated number is multiplied by this, then its root is taken if asked.
  private let scale: Double
  private let takesRoot: Bool
  let chunking: Chunking
  let elements: Int

  /// Results of one tile are accumulated together where the innermost loop is kept.
  private static let tile = 512
  static let scratch = tile * MemoryLayout<Double>.stride

  init(shape: [Int], axes: [Int], kind: Kind, scale: Double = 1, takesRoot: Bool = false) {
    self.kind = kind
    self.scale = scale
    self.takesRoot = takesRoot
    elements = shape.reduce(1, *)
    var merged: [(extent: Int, isReduced: Bool)] = []
    for axis in shape.indices where shape[axis] != 1 {
      let isReduced = axes.contains(axis)
      if let last = merged.last, last.isReduced == isReduced {
        merged[merged.count - 1].extent *= shape[axis]
      } else {
        merged.append((shape[axis], isReduced))
      }
    }
    let last = merged.popLast() ?? (1, true)
    inner = last.extent
    innerIsKept = !last.isReduced
    var stride = last.extent
    var loops: [(extent: Int, stride: Int, isReduced: Bool)] = []
    for loop in merged.reversed() {
      loops.insert((loop.extent, stride, loop.isReduced), at: 0)
      stride *= loop.extent
    }
    func nest(_ isReduced: Bool) -> Nest {
      let mine = loops.filter { $0.isReduced == isReduced }
      return Nest(extents: mine.map(\.extent), strides: [mine.map(\.stride)])
    }
    kept = nest(false)
    reduced = nest(true)
    let results = kept.count * (innerIsKept ? inner : 1)
    chunking = Chunking(count: results, unitCost: results == 0 ? 1 : max(1, elements / results))
  }

  /// Computes the results of one chunk; `scratch` has `Reduction.scratch` bytes.
  func run(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer) {
    let range = chunking.range(chunk)
    guard innerIsKept else {
      for result in range { y[result] = finish(value(at: x + start(kept, result))) }
      return
    }
    let sums = scratch.assumingMemoryBound(to: Double.self)
    var at = range.lowerBound
    while at < range.upperBound {
      let row = at / inner
      let column = at - row * inner
      let count = min(min(inner - column, range.upperBound - at), Reduction.tile)
      for index in 0..<count { sums[index] = identity }
      let base = x + start(kept, row) + column
      for step in 0..<reduced.count {
        let line = base + start(reduced, step)
        switch kind {
        case .sum: for index in 0..<count { sums[index] += Double(line[index]) }
        case .sumOfMagnitudes: for index in 0..<count { sums[index] += Double(line[index].magnitude) }
        case .sumOfSquares: for index in 0..<count { sums[index] += Double(line[index]) * Double(line[index]) }
        case .max: for index in 0..<count { sums[index] = Reduction.larger(sums[index], Double(line[index])) }
        case .min: for index in 0..<count { sums[index] = Reduction.smaller(sums[index], Double(line[index])) }
        }
      }
      for index in 0..<count { y[at + index] = finish(sums[index]) }
      at += count
    }
  }

  private func start(_ nest: Nest, _ index: Int) -> Int {
    let inner = nest.inner
    return nest.place(0, index / inner, index % inner)
  }

  private func value(at base: UnsafePointer<Float>) -> Double {
    var result = identity
    for step in 0..<reduced.count {
      let line = base + start(reduced, step)
      switch kind {
      case .sum: result += Slab.sum(line, count: inner)
      case .sumOfMagnitudes: result += Slab.norm1(line, count: inner)
      case .sumOfSquares: result += Slab.sumOfSquares(line, count: inner)
      case .max: for index in 0..<inner { result = Reduction.larger(result, Double(line[index])) }
      case .min: for index in 0..<inner { result = Reduction.smaller(result, Double(line[index])) }
      }
    }
    return result
  }

  private var identity: Double {
    switch kind {
    case .sum, .sumOfMagnitudes, .sumOfSquares: 0
    case .max: -.infinity
    case .min: .infinity
    }
  }

  private func finish(_ value: Double) -> Float {
    let scaled = scale == 1 ? value : value * scale
    return Float(takesRoot ? scaled.squareRoot() : scaled)
  }

  /// NaN comes through on either side.
  private static func larger(_ a: Double, _ b: Double) -> Double { b > a || b.isNaN ? b : a }
  private static func smaller(_ a: Double, _ b: Double) -> Double { b < a || b.isNaN ? b : a }
}
