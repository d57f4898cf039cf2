import Kernels

/// One chunk's share of the work of a method: pure functions on slabs, reductions accumulated in Double and in a fixed
/// order. Specialised by attribute, and reading through `start`, because debug builds compile file by file: a subscript
/// in another file would cost a call per element.
enum Passes {
  /// Two norms of a slab.
  struct Magnitude: Sendable, BitwiseCopyable {
    var largest = 0.0
    var sum = 0.0

    static func + (a: Magnitude, b: Magnitude) -> Magnitude {
      let sum = a.sum + b.sum
      return Magnitude(largest: sum.isNaN ? .nan : max(a.largest, b.largest), sum: sum)
    }
  }

  /// Σ term(i) with four running sums.
  @inline(__always)
  static func sum(_ range: Range<Int>, _ term: (Int) -> Double) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var index = range.lowerBound
    while index + 4 <= range.upperBound {
      a += term(index)
      b += term(index + 1)
      c += term(index + 2)
      d += term(index + 3)
      index += 4
    }
    while index < range.upperBound {
      a += term(index)
      index += 1
    }
    return (a + b) + (c + d)
  }

  /// Σ a·b.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func dot<T: SlabScalar>(_ a: Slab<T>, _ b: Slab<T>, _ range: Range<Int>) -> Double {
    sum(range) { Double(a.start[$0]) * Double(b.start[$0]) }
  }

  /// The largest magnitude and the sum of magnitudes; both NaN if an element is.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func magnitude<T: SlabScalar>(_ a: Slab<T>, _ range: Range<Int>) -> Magnitude {
    magnitude(range) { a.start[$0] }
  }

  @inline(__always)
  private static func magnitude<T: SlabScalar>(_ range: Range<Int>, _ element: (Int) -> T) -> Magnitude {
    var largest = T.zero
    let sum = sum(range) { index in
      let value = abs(element(index))
      if value > largest { largest = value }
      return Double(value)
    }
    // No comparison sees a NaN, but the sum of magnitudes keeps one.
    return Magnitude(largest: sum.isNaN ? .nan : Double(largest), sum: sum)
  }

  /// to = −from.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func negate<T: SlabScalar>(_ to: Slab<T>, _ from: Slab<T>, _ range: Range<Int>) {
    for index in range { to.start[index] = -from.start[index] }
  }

  /// to = (to + factor·from)·scale, then Σ to·with: two of them per pair of L-BFGS's history are nearly all of its work,
  /// so real runs have a kernel for them.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func addScaleDot<T: SlabScalar>(
    _ to: Slab<T>, _ factor: Double, _ from: Slab<T>, scale: Double, with: Slab<T>, _ range: Range<Int>
  ) -> Double {
    if let to = to as? Slab<Float>, let from = from as? Slab<Float>, let with = with as? Slab<Float> {
      return Kernels.Slab.addScaleDot(
        to.start + range.lowerBound, factor: Float(factor), from.start + range.lowerBound, scale: Float(scale),
        with: with.start + range.lowerBound, count: range.count)
    }
    let factor = T(factor)
    let scale = T(scale)
    return sum(range) { index in
      let value = (to.start[index] + factor * from.start[index]) * scale
      to.start[index] = value
      return Double(value) * Double(with.start[index])
    }
  }

  /// change = gradient − previous, step = length·direction, then Σ change·step.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func difference<T: SlabScalar>(
    _ change: Slab<T>, _ step: Slab<T>, gradient: Slab<T>, previous: Slab<T>, direction: Slab<T>, length: Double,
    _ range: Range<Int>
  ) -> Double {
    let length = T(length)
    return sum(range) { index in
      let y = gradient.start[index] - previous.start[index]
      let s = length * direction.start[index]
      change.start[index] = y
      step.start[index] = s
      return Double(y) * Double(s)
    }
  }

  /// point += length·direction; the magnitude of what was added.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func move<T: SlabScalar>(
    _ point: Slab<T>, along direction: Slab<T>, length: Double, _ range: Range<Int>
  ) -> Magnitude {
    let length = T(length)
    return magnitude(range) { index in
      let change = length * direction.start[index]
      point.start[index] += change
      return change
    }
  }
}
