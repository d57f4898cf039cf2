import CKernels

/// Reductions of the middle axis of [outer, length, inner]. Any set of axes takes this form after a permutation;
/// neighbouring axes need none. Sums are in Double in a fixed order.
public struct Reduction: Sendable, Hashable {
  public enum Kind: Sendable, Hashable, CaseIterable {
    case sum, mean, maximum, minimum, product, norm1, norm2, sumOfSquares
  }

  public let outer: Int
  public let length: Int
  public let inner: Int

  public init(outer: Int, length: Int, inner: Int) {
    self.outer = outer
    self.length = length
    self.inner = inner
  }

  /// y [outer, inner] for a range of outer indices. An empty sum is 0, product 1, maximum -infinity.
  public func apply(_ kind: Kind, outer range: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    for o in range {
      let source = x + o * length * inner
      for i in 0..<inner { y[o * inner + i] = Float(value(kind, source + i)) }
    }
  }

  private func value(_ kind: Kind, _ x: UnsafePointer<Float>) -> Double {
    switch kind {
    case .sum: return sum(x, 0) { Double($0) }
    case .mean: return sum(x, 0) { Double($0) } / Double(length)
    case .norm1: return sum(x, 2) { abs(Double($0)) }
    case .sumOfSquares: return sum(x, 3) { Double($0) * Double($0) }
    case .norm2: return sum(x, 3) { Double($0) * Double($0) }.squareRoot()
    case .product: return fold(x, 1) { $0 * Double($1) }
    case .maximum: return fold(x, -.infinity) { $0.isNaN || Double($1) <= $0 ? $0 : Double($1) }
    case .minimum: return fold(x, .infinity) { $0.isNaN || Double($1) >= $0 ? $0 : Double($1) }
    }
  }

  @inline(__always)
  private func sum(_ x: UnsafePointer<Float>, _ what: Int32, _ term: (Float) -> Double) -> Double {
    inner == 1 ? weft_kernels().pointee.accumulate(what, length, x, x) : fold(x, 0) { $0 + term($1) }
  }

  @inline(__always)
  private func fold(_ x: UnsafePointer<Float>, _ start: Double, _ step: (Double, Float) -> Double) -> Double {
    var value = start
    for i in 0..<length { value = step(value, x[i * inner]) }
    return value
  }

  /// The first index of the largest (or smallest) element; a NaN counts as the largest and the smallest.
  public func argument(
    of kind: Kind, outer range: Range<Int>, x: UnsafePointer<Float>, index: UnsafeMutablePointer<Int32>
  ) {
    precondition(kind == .maximum || kind == .minimum, "only extremes have a place")
    for o in range {
      for i in 0..<inner {
        let source = x + o * length * inner + i
        var best = 0
        for p in 1..<max(1, length) {
          let (a, b) = (source[p * inner], source[best * inner])
          if !b.isNaN && (a.isNaN || (kind == .maximum ? a > b : a < b)) { best = p }
        }
        index[o * inner + i] = Int32(best)
      }
    }
  }

  /// dx for a range of outer indices, from x, y = apply(kind) and dy [outer, inner]. Equal extremes share the gradient.
  public func gradient(
    _ kind: Kind, outer range: Range<Int>, x: UnsafePointer<Float>, y: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    for o in range {
      for i in 0..<inner {
        let (source, target) = (x + o * length * inner + i, dx + o * length * inner + i)
        let (result, slope) = (y[o * inner + i], dy[o * inner + i])
        switch kind {
        case .sum: each { target[$0] = slope }
        case .mean: each { target[$0] = slope / Float(length) }
        case .norm1: each { target[$0] = source[$0] > 0 ? slope : (source[$0] < 0 ? -slope : 0) }
        case .norm2: each { target[$0] = result == 0 ? 0 : slope * source[$0] / result }
        case .sumOfSquares: each { target[$0] = 2 * slope * source[$0] }
        case .maximum, .minimum:
          var count: Float = 0
          each { count += source[$0] == result ? 1 : 0 }
          each { target[$0] = source[$0] == result ? slope / count : 0 }
        case .product: productGradient(source, slope, target)
        }
      }
    }
  }

  @inline(__always)
  private func each(_ body: (Int) -> Void) {
    for p in 0..<length { body(p * inner) }
  }

  /// The product of all others, without division: products before, times products after.
  private func productGradient(_ x: UnsafePointer<Float>, _ slope: Float, _ dx: UnsafeMutablePointer<Float>) {
    var before = Double(slope)
    each {
      dx[$0] = Float(before)
      before *= Double(x[$0])
    }
    var after = 1.0
    for p in (0..<length).reversed() {
      dx[p * inner] = Float(Double(dx[p * inner]) * after)
      after *= Double(x[p * inner])
    }
  }
}
