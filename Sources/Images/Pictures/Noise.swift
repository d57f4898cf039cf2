/// Repeatable noise over the plane, from an integer hash of (seed, lattice point): no state, no order, no table.
struct Noise: Sendable {
  let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// An independent noise of the same seed.
  func stream(_ number: UInt64) -> Noise { Noise(seed: Self.scrambled(seed ^ Self.scrambled(number &+ 1))) }

  /// 0..<1, independent for every lattice point.
  @inline(__always) func hash(_ x: Int, _ y: Int = 0) -> Double {
    Double(bits(x, y) >> 11) * 0x1p-53
  }

  @inline(__always) func bits(_ x: Int, _ y: Int) -> UInt64 {
    let row = UInt64(bitPattern: Int64(y)) &* 0xc2b2_ae3d_27d4_eb4f
    // A sum, because the exclusive or of two negatives is often that of the two numbers.
    let point = UInt64(bitPattern: Int64(x)) &* 0x9e37_79b9_7f4a_7c15 &+ row
    return Self.scrambled(seed ^ point)
  }

  /// The finaliser of SplitMix64.
  @inline(__always) private static func scrambled(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// Value noise, 0...1: lattice values joined by quintic steps, so that slopes have no kinks.
  @inline(__always) func value(_ x: Double, _ y: Double) -> Double {
    let (floorX, floorY) = (x.rounded(.down), y.rounded(.down))
    let (i, j) = (Int(floorX), Int(floorY))
    let (u, v) = (Self.smooth(x - floorX), Self.smooth(y - floorY))
    let (a, b) = (hash(i, j), hash(i + 1, j))
    let (c, d) = (hash(i, j + 1), hash(i + 1, j + 1))
    return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v
  }

  @inline(__always) private static func smooth(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }

  /// Fractal sum of value noise, 0...1, mean about one half. Each octave is turned, so that no lattice shows.
  func fractal(_ x: Double, _ y: Double, octaves: Int) -> Double {
    var (x, y, sum, weight, total) = (x, y, 0.0, 0.5, 0.0)
    for _ in 0..<octaves {
      sum += weight * value(x, y)
      total += weight
      weight *= 0.5
      (x, y) = (1.6 * x - 1.2 * y + 17.3, 1.2 * x + 1.6 * y - 9.1)
    }
    return sum / total
  }

  /// Fractal noise of sharp crests, 0...1: what mountains look like from the side.
  func ridged(_ x: Double, _ y: Double, octaves: Int) -> Double {
    var (x, y, sum, weight, total, carry) = (x, y, 0.0, 0.5, 0.0, 1.0)
    for _ in 0..<octaves {
      let crest = 1 - abs(2 * value(x, y) - 1)
      let sharp = crest * crest
      sum += weight * sharp * carry
      total += weight
      carry = min(1, sharp * 1.8)
      weight *= 0.5
      (x, y) = (1.6 * x - 1.2 * y + 17.3, 1.2 * x + 1.6 * y - 9.1)
    }
    return sum / total
  }
}

/// 0 below `from`, 1 above `to`, smooth between.
func ramp(_ from: Double, _ to: Double, _ value: Double) -> Double {
  let t = min(max((value - from) / (to - from), 0), 1)
  return t * t * (3 - 2 * t)
}
