import CKernels

extension Convolution {
  /// Output rows of one depthwise chunk: about 16 K outputs.
  private var depthwiseRows: Int { max(1, 16384 / max(1, output.width)) }
  private var columnChunks: Int { parts(outputArea, size: 512) }
  /// Few positions leave only the output channels to split.
  private var rowChunks: Int { columnChunks >= 4 ? 1 : min(4, parts(groupOutputs, size: 66)) }

  /// Chunks of `forward`.
  public var forwardChunks: Int {
    batch * groups * (isDepthwise ? parts(output.height, size: depthwiseRows) : columnChunks * rowChunks)
  }

  /// y = x * weight + bias, then ReLU if asked. `bias` has `outputs` elements.
  public func forward(
    chunk: Int, x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil,
    relu: Bool = false, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let splits = forwardChunks / max(1, batch * groups)
    let (image, group, split) = (chunk / splits / groups, chunk / splits % groups, chunk % splits)
    var window = window
    let source = x + (image * channels + group * groupChannels) * inputArea
    let target = y + (image * outputs + group * groupOutputs) * outputArea
    let kernels = weft_kernels()
    if isDepthwise {
      let rows = part(split, of: output.height, size: depthwiseRows)
      kernels.pointee.depthwise(
        &window, source, weight + group * taps, bias.map { $0[group] } ?? 0, relu ? 1 : 0, rows.lowerBound,
        rows.upperBound, target)
      return
    }
    let columns = part(split / rowChunks, of: outputArea, size: 512)
    let rows = part(
      split % rowChunks, of: groupOutputs, size: (groupOutputs + rowChunks - 1) / rowChunks)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    let first = group * groupOutputs + rows.lowerBound
    kernels.pointee.convolve(
      &window, source, weight + first * taps, rows.count, columns.lowerBound, columns.upperBound,
      bias.map { $0 + first }, relu ? 1 : 0, target + rows.lowerBound * outputArea, scratch)
  }
}
