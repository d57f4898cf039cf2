import CKernels

/// Counter-based random numbers (Philox4x32-10; Salmon et al., SC 2011): element i of a stream depends on the key, the
/// counter and i only, so a range can be filled in any split and order. The same bits on every machine.
public struct Philox: Sendable, Hashable {
  public let key: UInt64
  public let counter: UInt128

  public init(key: UInt64, counter: UInt128 = 0) {
    self.key = key
    self.counter = counter
  }

  /// The numbers of one random node at one step; the seed is the node's own.
  public init(seed: UInt64, step: UInt64) { self.init(key: seed, counter: UInt128(step) << 64) }

  private var low: UInt64 { UInt64(truncatingIfNeeded: counter) }
  private var high: UInt64 { UInt64(truncatingIfNeeded: counter >> 64) }

  /// Elements `range` of the stream of 32-bit words, to out[0], out[1]...
  public func words(_ range: Range<Int>, _ out: UnsafeMutablePointer<UInt32>) {
    weft_random_words(key, low, high, UInt64(range.lowerBound), range.count, out)
  }

  /// Floats in [0, 1), multiples of 2^-24.
  public func uniform(_ range: Range<Int>, _ out: UnsafeMutablePointer<Float>) {
    weft_random_uniform(key, low, high, UInt64(range.lowerBound), range.count, out)
  }

  /// Floats of the standard normal distribution.
  public func normal(_ range: Range<Int>, _ out: UnsafeMutablePointer<Float>) {
    weft_random_normal(key, low, high, UInt64(range.lowerBound), range.count, out)
  }

  /// Integers in 0..<bound, by the high half of a product: the bias is below bound / 2^32.
  public func integers(_ range: Range<Int>, below bound: UInt32, _ out: UnsafeMutablePointer<UInt32>) {
    words(range, out)
    for i in 0..<range.count { out[i] = UInt32((UInt64(out[i]) * UInt64(bound)) >> 32) }
  }
}
