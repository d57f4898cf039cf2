import Testing

@testable import Optimizers

@Suite struct PassesTests {
  static let lengths = [0, 1, 3, 4, 5, 17, Sweep.chunk - 1, Sweep.chunk, Sweep.chunk + 1]

  /// Values of mixed sign and size.
  static func values(_ count: Int, _ seed: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + seed * 104729) % 2003 - 1001) / Float(1 + ($0 + seed) % 13) }
  }

  /// Makes slabs of the arrays.
  static func withSlabs<R>(
    _ a: inout [Float], _ b: inout [Float], _ c: inout [Float],
    _ body: (Slab<Float>, Slab<Float>, Slab<Float>) -> R
  ) -> R {
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeMutableBufferPointer { b in c.withUnsafeMutableBufferPointer { c in body(Slab(a), Slab(b), Slab(c)) }
      }
    }
  }

  @Test(arguments: lengths) func dotsAndCombinationAgreeWithNaiveLoops(count: Int) {
    var (to, own, other) = (Self.values(count, 1), Self.values(count, 2), Self.values(count, 3))
    let dots = [own, other].map { zip(own, $0).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
    let expected = zip(own, other).map { (0.3 * $0 + -1.5 * $0) + 1.7 * $1 }
    let slope = zip(expected, own).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let scale = zip(expected, own).reduce(0.0) { $0 + abs(Double($1.0) * Double($1.1)) }
    let (sums, result) = Self.withSlabs(&to, &own, &other) { to, own, other in
      (
        Sweep.serial.sums(count, of: 2) { Passes.dots(own, [own, other], $0, to: $1) },
        Sweep.serial.sum(count) {
          Passes.combine(to, own, factor: 0.3, [own, other], factors: [-1.5, 1.7], $0)
        }
      )
    }
    #expect(zip(sums, dots).allSatisfy { abs($0 - $1) <= 1e-12 * dots[0] })
    #expect(to == expected)
    #expect(abs(result - slope) <= 1e-13 * scale)
  }

  @Test(arguments: lengths) func differenceMakesAPairAndItsProducts(count: Int) {
    let (gradient, previous, direction) = (Self.values(count, 6), Self.values(count, 7), Self.values(count, 8))
    var (changes, steps) = (Self.values(count, 9), Self.values(count, 9))
    var slopes = gradient + previous + direction
    let curvature = slopes.withUnsafeMutableBufferPointer { slopes in
      let parts = (0..<3).map { Slab(UnsafeMutableBufferPointer(rebasing: slopes[$0 * count..<($0 + 1) * count])) }
      return changes.withUnsafeMutableBufferPointer { changes in
        steps.withUnsafeMutableBufferPointer { steps in
          let (change, step) = (Slab(changes), Slab(steps))
          return Sweep.serial.fold(
            count, Passes.Curvature(),
            {
              Passes.difference(
                change, step, gradient: parts[0], previous: parts[1], direction: parts[2], length: 0.25, $0)
            }, +)
        }
      }
    }
    #expect(changes == zip(gradient, previous).map { $0 - $1 } && steps == direction.map { 0.25 * $0 })
    let product = zip(changes, steps).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let square = changes.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(curvature.product - product) <= 1e-11 * square && abs(curvature.square - square) <= 1e-12 * square)
  }

  @Test(arguments: lengths) func magnitudeAgreesWithANaiveLoop(count: Int) {
    var (a, b, c) = (Self.values(count, 4), [Float](), [Float]())
    let result = Self.withSlabs(&a, &b, &c) { a, _, _ in
      Sweep.serial.fold(count, Passes.Magnitude(), { Passes.magnitude(a, $0) }, +)
    }
    #expect(result.largest == Double(a.map(abs).max() ?? 0))
    #expect(abs(result.sum - a.reduce(0.0) { $0 + Double(abs($1)) }) <= 1e-12 * result.sum)
  }

  @Test func magnitudeKeepsWhatIsNotANumber() {
    for place in [0, 5, Sweep.chunk, Sweep.chunk + 2] {
      var (a, b, c) = (Self.values(Sweep.chunk + 3, 5), [Float](), [Float]())
      a[place] = .nan
      let result = Self.withSlabs(&a, &b, &c) { a, _, _ in
        Sweep.serial.fold(a.count, Passes.Magnitude(), { Passes.magnitude(a, $0) }, +)
      }
      #expect(result.largest.isNaN && result.sum.isNaN)
    }
  }
}
