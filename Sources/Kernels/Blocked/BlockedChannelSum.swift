import CKernels

/// The sum of each channel of [N, C, area] in blocks; a chunk is one block.
public struct BlockedChannelSum: Sendable {
  private let batch: Int
  private let channels: Int
  private let area: Int

  public init(batch: Int, channels: Int, area: Int) { (self.batch, self.channels, self.area) = (batch, channels, area) }

  public var chunks: Int { Blocked.blocks(channels) }

  /// y has a number per channel.
  public func run(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let start = x + chunk * Blocked.block * area
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * Blocked.block) { sums in
      weft_kernels().pointee.blocked_moments(
        batch, area, chunks * Blocked.block * area, start, start, sums.baseAddress!)
      for lane in 0..<min(Blocked.block, channels - chunk * Blocked.block) {
        y[chunk * Blocked.block + lane] = Float(sums[2 * Blocked.block + lane])
      }
    }
  }
}
