import Kernels
import Tensors

/// Random tensors by counter: element i of a draw depends on (seed, stream, i) alone, so neither order nor chunks nor
/// the number of threads can change it.
struct RandomNumbers: Sendable {
  let seed: UInt64
  /// Tells draws of one seed apart.
  let stream: UInt64

  init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// The stream, from block `block` on.
  private func numbers(block: UInt64 = 0) -> Philox {
    Philox(key: seed, counter: UInt128(stream) << 64 | UInt128(block))
  }

  /// Uniform on [low, high).
  func uniform(_ shape: [Int], _ low: Double, _ high: Double) -> Tensor {
    Tensor(Float.self, shape: shape) { memory in
      guard let start = memory.baseAddress else { return }
      numbers().uniform(0..<memory.count, start)
      for index in memory.indices { memory[index] = Float(low + (high - low) * Double(memory[index])) }
    }
  }

  func normal(_ shape: [Int], mean: Double, deviation: Double) -> Tensor {
    Tensor(Float.self, shape: shape) { memory in
      guard let start = memory.baseAddress else { return }
      numbers().normal(0..<memory.count, start)
      for index in memory.indices { memory[index] = Float(mean + deviation * Double(memory[index])) }
    }
  }

  /// Normal, but what lies more than two deviations from the mean is drawn again: element i from element i of a further
  /// sequence per attempt.
  func truncatedNormal(_ shape: [Int], mean: Double, deviation: Double) -> Tensor {
    Tensor(Float.self, shape: shape) { memory in
      guard let start = memory.baseAddress else { return }
      numbers().normal(0..<memory.count, start)
      for index in memory.indices {
        var attempt: UInt64 = 0
        while abs(memory[index]) > 2 {
          attempt += 1
          // Sequences lie 2^48 blocks apart; a tensor has fewer elements.
          numbers(block: attempt << 48).normal(index..<index + 1, start + index)
        }
        memory[index] = Float(mean + deviation * Double(memory[index]))
      }
    }
  }

  /// Normal by channel of [N, C, H, W], but what lies outside the range is drawn again, as above; after 64 attempts the
  /// nearer end is taken.
  func boundedNormal(
    _ shape: [Int], mean: [Float], deviation: [Float], _ range: ClosedRange<Double>
  ) -> Tensor {
    let area = shape[2] * shape[3]
    return Tensor(Float.self, shape: shape) { memory in
      guard let start = memory.baseAddress else { return }
      numbers().normal(0..<memory.count, start)
      for index in memory.indices {
        let channel = index / area % shape[1]
        func number() -> Double { Double(mean[channel]) + Double(deviation[channel]) * Double(memory[index]) }
        var attempt: UInt64 = 0
        while !range.contains(number()), attempt < 64 {
          attempt += 1
          numbers(block: attempt << 48).normal(index..<index + 1, start + index)
        }
        memory[index] = Float(min(max(number(), range.lowerBound), range.upperBound))
      }
    }
  }
}
