/// The Gram matrix G [channels, channels] = scale * F F^T of features F [channels, positions].
public struct Gram: Sendable, Hashable {
  public let channels: Int
  public let positions: Int
  public let scale: Float

  public init(channels: Int, positions: Int, scale: Float = 1) {
    self.channels = channels
    self.positions = positions
    self.scale = scale
  }

  public var scratchBytes: Int { Gemm.scratchBytes }
  /// Blocks of rows of G.
  public var forwardChunks: Int { parts(channels, size: 66) }
  public var gradientChunks: Int { product.chunkCount }
  private var product: Gemm { Gemm(m: channels, n: positions, k: channels) }

  /// One block of rows, all columns: the products come in the same order on both sides of the diagonal, so G is exactly
  /// symmetric.
  public func forward(
    chunk: Int, features: UnsafePointer<Float>, gram: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    Gemm(m: channels, n: channels, k: positions, transposeB: true).run(
      rows: part(chunk, of: channels, size: 66), columns: 0..<channels, a: features, b: features, c: gram,
      alpha: scale, scratch: scratch)
  }

  /// dF = scale * (dG + dG^T) F. `symmetric` is scratch of channels * channels floats that `symmetrise` has filled.
  public func gradient(
    chunk: Int, symmetric: UnsafePointer<Float>, features: UnsafePointer<Float>, dFeatures: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    product.run(chunk: chunk, a: symmetric, b: features, c: dFeatures, alpha: scale, scratch: scratch)
  }

  /// symmetric = dG + dG^T, for a range of rows.
  public func symmetrise(
    rows: Range<Int>, dGram: UnsafePointer<Float>, symmetric: UnsafeMutablePointer<Float>
  ) {
    for i in rows {
      for j in 0..<channels { symmetric[i * channels + j] = dGram[i * channels + j] + dGram[j * channels + i] }
    }
  }
}
