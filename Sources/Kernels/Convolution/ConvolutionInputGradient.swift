import CKernels

extension Convolution {
  /// With reflected or repeated edges the gradient of the padded planes is made first, then folded.
  private var padsFold: Bool { padMode != .zero && pads != Pads() }
  private var padded: Extent {
    Extent(input.height + pads.top + pads.bottom, input.width + pads.left + pads.right)
  }
  private var channelChunk: Int { 66 }

  var paddedGradientBytes: Int {
    padsFold ? min(channelChunk, groupChannels) * padded.height * padded.width * 4 : 0
  }

  /// Chunks of `inputGradient`.
  public var inputGradientChunks: Int { batch * groups * parts(groupChannels, size: channelChunk) }

  /// dx = the gradient of the input, from dy; overwrites dx.
  public func inputGradient(
    chunk: Int, dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    let splits = parts(groupChannels, size: channelChunk)
    let (image, group) = (chunk / splits / groups, chunk / splits % groups)
    let range = part(chunk % splits, of: groupChannels, size: channelChunk)
    let source = dy + (image * outputs + group * groupOutputs) * outputArea
    let factors = weight + group * groupOutputs * taps
    let target = dx + (image * channels + group * groupChannels) * inputArea
    let kernels = weft_kernels()
    guard padsFold else {
      var window = window
      kernels.pointee.input_gradient(
        &window, source, factors, groupOutputs, range.lowerBound, range.upperBound, target, scratch)
      return
    }
    let area = padded.height * padded.width
    let planes = (scratch + Gemm.scratchBytes).assumingMemoryBound(to: Float.self)
    var window = window(over: padded, padTop: 0, padLeft: 0)
    // The loop writes planes range; shifted so that they start at the scratch.
    kernels.pointee.input_gradient(
      &window, source, factors + range.lowerBound * kernel.height * kernel.width, groupOutputs, 0, range.count, planes,
      scratch)
    let pad = Pad(input: input, pads: pads, mode: padMode)
    for (index, channel) in range.enumerated() {
      pad.gradient(planes: 0..<1, dy: planes + index * area, dx: target + channel * inputArea)
    }
  }
}
