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

  /// Adds a · b to the sum of each vector b. With `combine` these are nearly all of L-BFGS's work, so real runs have
  /// kernels for them.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func dots<T: SlabScalar>(
    _ a: Slab<T>, _ vectors: [Slab<T>], _ range: Range<Int>, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    guard let start = sums.baseAddress else { return }
    if let a = a as? Slab<Float>, let vectors = vectors as? [Slab<Float>] {
      return at(range.lowerBound, vectors) {
        Kernels.Slab.dots(a.start + range.lowerBound, with: $0, count: range.count, to: start)
      }
    }
    for index in vectors.indices { sums[index] = dot(a, vectors[index], range) }
  }

  /// to = factor·own + Σ factors·vectors, then Σ to·own.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func combine<T: SlabScalar>(
    _ to: Slab<T>, _ own: Slab<T>, factor: Double, _ vectors: [Slab<T>], factors: [Double], _ range: Range<Int>
  ) -> Double {
    let (factor, factors) = (T(factor), factors.map { T($0) })
    for index in range { to.start[index] = factor * own.start[index] }
    if let to = to as? Slab<Float>, let own = own as? Slab<Float>, let vectors = vectors as? [Slab<Float>],
      let factors = factors as? [Float]
    {
      at(range.lowerBound, vectors) {
        Kernels.Slab.addScaled($0, factors: factors, to: to.start + range.lowerBound, count: range.count)
      }
      return Kernels.Slab.dot(to.start + range.lowerBound, own.start + range.lowerBound, count: range.count)
    }
    for (vector, factor) in zip(vectors, factors) {
      for index in range { to.start[index] += factor * vector.start[index] }
    }
    return dot(to, own, range)
  }

  /// The slabs from a place on.
  private static func at(
    _ place: Int, _ slabs: [Slab<Float>], _ body: (UnsafeBufferPointer<UnsafePointer<Float>>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: max(1, slabs.count)) { memory in
      for index in slabs.indices { memory.initializeElement(at: index, to: UnsafePointer(slabs[index].start + place)) }
      body(UnsafeBufferPointer(rebasing: memory[..<slabs.count]))
    }
  }

  /// Of a pair: y·s and y·y.
  struct Curvature: Sendable, BitwiseCopyable {
    var product = 0.0
    var square = 0.0

    static func + (a: Curvature, b: Curvature) -> Curvature {
      Curvature(product: a.product + b.product, square: a.square + b.square)
    }
  }

  /// change = gradient − previous, step = length·direction.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func difference<T: SlabScalar>(
    _ change: Slab<T>, _ step: Slab<T>, gradient: Slab<T>, previous: Slab<T>, direction: Slab<T>, length: Double,
    _ range: Range<Int>
  ) -> Curvature {
    let length = T(length)
    let product = sum(range) { index in
      let y = gradient.start[index] - previous.start[index]
      let s = length * direction.start[index]
      change.start[index] = y
      step.start[index] = s
      return Double(y) * Double(s)
    }
    return Curvature(product: product, square: dot(change, change, range))
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
