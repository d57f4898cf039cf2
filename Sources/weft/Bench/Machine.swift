import Kernels
import Tensors
import Workers

/// What the machine gives right now, measured in a few tenths of a second: what nodes are compared with.
struct Machine {
  let threads: Int
  /// Multiply-adds of the register kernel on data in cache, all threads, in operations per second.
  let peakOperations: Double
  /// Bytes per second read and written by all threads in a long pass over memory.
  let bandwidth: Double

  static func measure() -> Machine {
    let threads = Team.shared.width
    return Machine(
      threads: threads, peakOperations: peakOperations(threads), bandwidth: bandwidth(threads))
  }

  /// The best of several tries, because others may use the machine.
  private static func best(_ tries: Int, _ work: Double, _ body: () -> Void) -> Double {
    var best = 0.0
    for _ in 0..<tries {
      let watch = Stopwatch()
      body()
      best = max(best, work / watch.seconds)
    }
    return best
  }

  private static func peakOperations(_ threads: Int) -> Double {
    // One tap over a strip of positions: 256 channels in, 32 out, everything in the first two levels of cache.
    let plan = BlockedConvolution(
      Convolution(batch: 1, channels: 256, input: Extent(1, 96), outputs: 32, kernel: Extent(1, 1)))!
    let repeats = 2000
    let memory = (0..<threads).map { _ in
      [256 * 96, plan.weights.byteCount / 4, 32 * 96, plan.scratchBytes / 4].map {
        Buffer(byteCount: 4 * $0, zeroed: true)
      }
    }
    let operations = Double(threads * repeats) * 2 * 256 * 96 * 32
    return best(4, operations) {
      Team.shared.parallel(chunks: threads) { thread in
        let parts = memory[thread].map { $0.bytes.assumingMemoryBound(to: Float.self) }
        for _ in 0..<repeats {
          for chunk in 0..<plan.chunks {
            plan.run(
              chunk: chunk, x: parts[0], packed: parts[1], epilogue: Epilogue(), y: parts[2],
              scratch: memory[thread][3].bytes)
          }
        }
      }
    }
  }

  private static func bandwidth(_ threads: Int) -> Double {
    let count = 1 << 24
    let (from, to) = (Buffer(byteCount: 4 * count, zeroed: true), Buffer(byteCount: 4 * count, zeroed: true))
    let chunk = count / 64
    return best(4, Double(8 * count)) {
      Team.shared.parallel(chunks: 64) { index in
        Slab.affine(
          from.bytes.assumingMemoryBound(to: Float.self) + index * chunk, scale: 1,
          to.bytes.assumingMemoryBound(to: Float.self) + index * chunk, count: chunk)
      }
    }
  }

  /// The share of what the machine could do that a node reached: of its peak or of its bandwidth, whichever binds.
  /// Above 1 where an algorithm needs fewer operations than the node is counted with.
  func share(operations: Double, bytes: Int, seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    return max(operations / peakOperations, Double(bytes) / bandwidth) / seconds
  }
}
