import CKernels

extension Convolution {
  private var tapChunk: Int { 144 }
  private var outputChunk: Int { parts(taps, size: tapChunk) >= 4 ? groupOutputs : 36 }

  /// Chunks of `weightGradient`.
  public var weightGradientChunks: Int {
    groups * parts(taps, size: tapChunk) * parts(groupOutputs, size: outputChunk)
  }

  /// dw = the gradient of the weight, from x and dy, images in order; overwrites dw unless `accumulate`.
  public func weightGradient(
    chunk: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    accumulate: Bool = false, scratch: UnsafeMutableRawPointer
  ) {
    let (tapChunks, outputChunks) = (parts(taps, size: tapChunk), parts(groupOutputs, size: outputChunk))
    let group = chunk / (tapChunks * outputChunks)
    let columns = part(chunk % tapChunks, of: taps, size: tapChunk)
    let rows = part(chunk / tapChunks % outputChunks, of: groupOutputs, size: outputChunk)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    var window = window
    let first = group * groupOutputs + rows.lowerBound
    let target = dw + first * taps
    if !accumulate {
      for row in 0..<rows.count {
        (target + row * taps + columns.lowerBound).update(repeating: 0, count: columns.count)
      }
    }
    for image in 0..<batch {
      weft_kernels().pointee.weight_gradient(
        &window, x + (image * channels + group * groupChannels) * inputArea,
        dy + (image * outputs + first) * outputArea, rows.count, columns.lowerBound, columns.upperBound, target,
        scratch)
    }
  }

  /// db[range] = the sum of dy over images and positions, in Double.
  public func biasGradient(outputs range: Range<Int>, dy: UnsafePointer<Float>, db: UnsafeMutablePointer<Float>) {
    for output in range {
      var sum = 0.0
      for image in 0..<batch { sum += Slab.sum(dy + (image * outputs + output) * outputArea, count: outputArea) }
      db[output] = Float(sum)
    }
  }
}
