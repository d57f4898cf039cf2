import CKernels

/// The Gram matrices [N, C, C] = scale * F Fᵀ of features in the blocked layout, one triangle computed.
public struct BlockedGram: Sendable {
  private let channels: Int
  private let area: Int
  private let batch: Int
  private let scale: Float
  /// Pairs of blocks per chunk.
  private let size: Int

  public init(shape: [Int], scale: Float) {
    (batch, channels, area) = (shape[0], shape[1], shape[2] * shape[3])
    self.scale = scale
    let count = Blocked.blocks(channels)
    let pairs = count * (count + 1) / 2
    // Every chunk reads most of the features, so few chunks; but as many for each of two threads, which then end together.
    size = parts(pairs, size: max(2, min(8, pairs / 16 * 2)))
  }

  private var pairs: Int { Blocked.blocks(channels) * (Blocked.blocks(channels) + 1) / 2 }
  public var chunks: Int { batch * parts(pairs, size: size) }
  public var scratchBytes: Int { 8 * 256 * min(size, pairs) }
  public var operations: Double { Double(batch * area) * Double(channels * (channels + Blocked.block)) }

  public func run(
    chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let pieces = parts(pairs, size: size)
    let image = chunk / pieces
    let range = part(chunk % pieces, of: pairs, size: size)
    weft_kernels().pointee.blocked_gram(
      channels, area, x + image * Blocked.blocks(channels) * Blocked.block * area, scale, range.lowerBound,
      range.upperBound, y + image * channels * channels, scratch.assumingMemoryBound(to: Double.self))
  }
}
