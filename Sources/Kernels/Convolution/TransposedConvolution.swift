/// A transposed convolution: x [batch, channels, height, width], weight [channels, outputs / groups, kernel height,
/// kernel width], y [batch, outputs, output height, output width]. It is the input gradient of the `adjoint`
/// convolution, which runs from y's sizes to x's, and its own gradients are that convolution's other directions.
public struct TransposedConvolution: Sendable, Hashable {
  public let adjoint: Convolution

  /// The output size is (size - 1) * stride - pads + dilation * (kernel - 1) + 1 + output padding.
  public init(
    batch: Int, channels: Int, input: Extent, outputs: Int, kernel: Extent, stride: Extent = Extent(1, 1),
    dilation: Extent = Extent(1, 1), groups: Int = 1, pads: Pads = Pads(), outputPadding: Extent = Extent(0, 0)
  ) {
    let height = (input.height - 1) * stride.height - pads.top - pads.bottom + dilation.height * (kernel.height - 1)
    let width = (input.width - 1) * stride.width - pads.left - pads.right + dilation.width * (kernel.width - 1)
    adjoint = Convolution(
      batch: batch, channels: outputs,
      input: Extent(height + 1 + outputPadding.height, width + 1 + outputPadding.width), outputs: channels,
      kernel: kernel, stride: stride, dilation: dilation, groups: groups, pads: pads)
    precondition(adjoint.output == input, "the output padding must be smaller than the stride or the dilation")
  }

  public var output: Extent { adjoint.input }
  public var scratchBytes: Int { adjoint.scratchBytes }
  public var forwardChunks: Int { adjoint.inputGradientChunks }
  public var inputGradientChunks: Int { adjoint.forwardChunks }
  public var weightGradientChunks: Int { adjoint.weightGradientChunks }

  /// y without bias.
  public func forward(
    chunk: Int, x: UnsafePointer<Float>, weight: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    adjoint.inputGradient(chunk: chunk, dy: x, weight: weight, dx: y, scratch: scratch)
  }

  public func inputGradient(
    chunk: Int, dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    adjoint.forward(chunk: chunk, x: dy, weight: weight, y: dx, scratch: scratch)
  }

  public func weightGradient(
    chunk: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    accumulate: Bool = false, scratch: UnsafeMutableRawPointer
  ) {
    adjoint.weightGradient(chunk: chunk, x: dy, dy: x, dw: dw, accumulate: accumulate, scratch: scratch)
  }
}
