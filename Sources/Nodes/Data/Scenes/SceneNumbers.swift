import Glibc
import Kernels

/// Random numbers of one scene: a function of the seed and the scene's position alone.
struct SceneNumbers {
  private let numbers: Philox
  private var drawn: [Float] = []
  private var used = 0

  init(seed: UInt64, position: Int) {
    numbers = Philox(key: seed, counter: UInt128(UInt64(position) ^ 0x7363_656e_6573) << 64)
  }

  /// Uniform on [low, high).
  mutating func next(_ low: Double = 0, _ high: Double = 1) -> Double {
    if used == drawn.count {
      drawn = [Float](unsafeUninitializedCapacity: used + 64) { memory, count in
        count = used + 64
        numbers.uniform(0..<count, memory.baseAddress!)
      }
    }
    used += 1
    return low + (high - low) * Double(drawn[used - 1])
  }

  /// Even on a logarithmic scale.
  mutating func nextSize(_ low: Double, _ high: Double) -> Double { exp(next(log(low), log(high))) }

  /// An integer of 0..<count.
  mutating func next(below count: Int) -> Int { min(count - 1, Int(next() * Double(count))) }
}
