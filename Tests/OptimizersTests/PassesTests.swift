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

  @Test(arguments: lengths) func addScaleDotAgreesWithANaiveLoop(count: Int) {
    var (to, from, with) = (Self.values(count, 1), Self.values(count, 2), Self.values(count, 3))
    let expected = zip(to, from).map { ($0 + 0.3 * $1) * 1.7 }
    let sum = zip(expected, with).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let scale = zip(expected, with).reduce(0.0) { $0 + abs(Double($1.0) * Double($1.1)) }
    let result = Self.withSlabs(&to, &from, &with) { to, from, with in
      Sweep.serial.sum(count) { Passes.addScaleDot(to, 0.3, from, scale: 1.7, with: with, $0) }
    }
    #expect(to == expected)
    #expect(abs(result - sum) <= 1e-13 * scale)
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
