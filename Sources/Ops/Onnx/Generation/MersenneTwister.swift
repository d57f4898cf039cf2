import Glibc

/// The generator MT19937 (Matsumoto and Nishimura 1998) seeded and read as NumPy's RandomState does, so that a seed in a model
/// draws what ONNX's reference evaluator draws.
struct MersenneTwister {
  private var state: [UInt32]
  private var index = 624

  init(seed: UInt32) {
    state = [seed]
    for place in 1..<624 {
      let last = state[place - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(place))
    }
  }

  private mutating func next() -> UInt32 {
    if index == 624 {
      for place in 0..<624 {
        let bits = (state[place] & 0x8000_0000) | (state[(place + 1) % 624] & 0x7fff_ffff)
        state[place] = state[(place + 397) % 624] ^ (bits >> 1) ^ (bits & 1 == 0 ? 0 : 0x9908_b0df)
      }
      index = 0
    }
    var bits = state[index]
    index += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9d2c_5680
    bits ^= (bits << 15) & 0xefc6_0000
    return bits ^ (bits >> 18)
  }

  /// Uniform on 0..<1, 53 bits.
  mutating func uniform() -> Double {
    let (high, low) = (next() >> 5, next() >> 6)
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// Two independent standard normal numbers (Marsaglia's polar method), the one NumPy gives first in front.
  mutating func normals() -> (Double, Double) {
    while true {
      let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = x * x + y * y
      if square < 1, square != 0 {
        let factor = (-2 * log(square) / square).squareRoot()
        return (factor * y, factor * x)
      }
    }
  }

  mutating func normals(_ count: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count + 1)
    while result.count < count {
      let pair = normals()
      result += [pair.0, pair.1]
    }
    return Array(result.prefix(count))
  }
}
