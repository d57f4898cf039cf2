import CKernels

/// The gradient of a convolution's weight from x and dy in the blocked layout, split over output channels. Sums run
/// over images, then tiles or positions, in one order, so that no split changes a bit.
public struct BlockedWeightGradient: Sendable {
  /// By F(4 x 4, 3 x 3), backwards; else one matrix product per place of the window.
  public let isWinograd: Bool
  private let convolution: Convolution
  /// Output channels of a chunk. Each chunk transforms or gathers all of x again, so few chunks; but enough that two
  /// threads end together.
  private let size: Int

  /// nil where the row-major kernel has to do it: several groups.
  public init?(_ convolution: Convolution) {
    guard convolution.groups == 1 else { return nil }
    self.convolution = convolution
    // As the forward kernel: the tile of a smaller picture would be mostly outside.
    isWinograd =
      convolution.kernel == Extent(3, 3) && convolution.stride == Extent(1, 1)
      && convolution.dilation == Extent(1, 1)
      && min(convolution.output.height, convolution.output.width) > 2
    let quarter = (convolution.outputs / 4 + 31) / 32 * 32
    size = max(convolution.outputs >= 128 ? 64 : 32, min(128, quarter))
  }

  public var chunks: Int { parts(convolution.outputs, size: size) }

  /// Bytes of scratch for one chunk.
  public var scratchBytes: Int {
    4
      * weft_weight_gradient_scratch(
        convolution.channels, min(size, convolution.outputs), convolution.kernel.height * convolution.kernel.width,
        isWinograd ? 1 : 0)
  }

  /// Seconds on a core of about 100 GFLOP/s, for choosing between kernels.
  public var seconds: Double {
    let c = convolution
    return Double(c.batch * c.taps) * Double(c.outputs * c.outputArea) / (isWinograd ? 140e9 : 40e9)
  }

  /// dw [outputs, channels, height, width]; the chunk's outputs are overwritten.
  public func run(
    chunk: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    let outputs = part(chunk, of: convolution.outputs, size: size)
    guard !outputs.isEmpty else { return }
    var window = convolution.window
    let kernels = weft_kernels()
    let kernel = isWinograd ? kernels.pointee.winograd_weight_gradient : kernels.pointee.direct_weight_gradient
    kernel(
      &window, convolution.batch, convolution.outputs, x, dy, outputs.lowerBound, outputs.upperBound, dw, scratch)
  }
}
