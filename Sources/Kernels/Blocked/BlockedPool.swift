import CKernels

/// Largest or mean of windows in the blocked layout. Where windows do not overlap, rows are split as well as planes.
public struct BlockedPool: Sendable {
  private let planes: Int
  private let window: PoolWindow
  private let settings: weft_pool
  private let rows: Int

  /// - Parameter mean: how means count padding; nil for the largest.
  public init(shape: [Int], _ window: PoolWindow, mean: AveragePool? = nil) {
    planes = shape[0] * Blocked.blocks(shape[1])
    self.window = window
    settings = weft_pool(
      is_mean: mean == nil ? 0 : 1, counts_padding: mean?.countsPadding == true ? 1 : 0,
      pad_bottom: mean?.padBottom ?? 0, pad_right: mean?.padRight ?? 0)
    let overlaps = window.stride.height < window.kernel.height
    rows = overlaps ? max(1, window.output.height) : max(1, 4096 / max(1, window.output.width))
  }

  public var chunks: Int { planes * parts(window.output.height, size: rows) }

  public func forward(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let (plane, range) = place(chunk)
    var (w, settings) = (sizes, settings)
    weft_kernels().pointee.blocked_pool(
      &w, &settings, x + plane * window.inputArea * Blocked.block, range.lowerBound, range.upperBound,
      y + plane * window.outputArea * Blocked.block)
  }

  /// dx from dy; zero where `mask`, which lies like x, is not above zero.
  public func gradient(
    chunk: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, mask: UnsafePointer<Float>?,
    dx: UnsafeMutablePointer<Float>
  ) {
    let (plane, range) = place(chunk)
    var (w, settings) = (sizes, settings)
    let start = plane * window.inputArea * Blocked.block
    weft_kernels().pointee.blocked_pool_gradient(
      &w, &settings, x + start, dy + plane * window.outputArea * Blocked.block, mask.map { $0 + start },
      range.lowerBound, range.upperBound, dx + start)
  }

  private func place(_ chunk: Int) -> (Int, Range<Int>) {
    let pieces = parts(window.output.height, size: rows)
    return (chunk / pieces, part(chunk % pieces, of: window.output.height, size: rows))
  }

  private var sizes: weft_window {
    weft_window(
      channels: Blocked.block, height: window.input.height, width: window.input.width,
      output_height: window.output.height, output_width: window.output.width, kernel_height: window.kernel.height,
      kernel_width: window.kernel.width, stride_height: window.stride.height, stride_width: window.stride.width,
      dilation_height: 1, dilation_width: 1, pad_top: window.padTop, pad_left: window.padLeft, pad_mode: 0)
  }
}
