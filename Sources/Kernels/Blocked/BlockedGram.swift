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
    // Every chunk reads all features, so few chunks; but enough for two threads to end together.
    size = max(3, parts(count * (count + 1) / 2, size: 8))
  }

  private var pairs: Int { Blocked.blocks(channels) * (Blocked.blocks(channels) + 1) / 2 }
  public var chunks: Int { batch * parts(pairs, size: size) }
  public var scratchBytes: Int { 4 * 256 * min(size, pairs) }
  public var operations: Double { Double(batch * area) * Double(channels * (channels + Blocked.block)) }

  public func run(
    chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let pieces = parts(pairs, size: size)
    let image = chunk / pieces
    let range = part(chunk % pieces, of: pairs, size: size)
    weft_kernels().pointee.blocked_gram(
      channels, area, x + image * Blocked.blocks(channels) * Blocked.block * area, scale, range.lowerBound,
      range.upperBound, y + image * channels * channels, scratch.assumingMemoryBound(to: Float.self))
  }
}
