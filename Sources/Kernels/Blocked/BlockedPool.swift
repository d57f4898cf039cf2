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

  /// Whether it takes the largest of whole windows of 2 × 2 side by side.
  public var halves: Bool {
    settings.is_mean == 0 && window.kernel == Extent(2, 2) && window.stride == Extent(2, 2)
      && (window.padTop, window.padLeft) == (0, 0)
      && window.output == Extent(window.input.height / 2, window.input.width / 2)
  }

  /// Whether the places of maxima fit a byte each.
  public var hasPlaces: Bool { window.kernel.height * window.kernel.width < 256 }
  /// What makes the places of two pools the same form of one value.
  public var placesName: String {
    let (k, s, o) = (window.kernel, window.stride, window.output)
    return "places of maxima \(planes)x\(o.height)x\(o.width) \(k.height)x\(k.width) \(s.height)x\(s.width) "
      + "\(window.padTop),\(window.padLeft)"
  }
  public var placesByteCount: Int { planes * window.outputArea * Blocked.block }

  /// The number of each window's maximum in the window, in row order; of the first of equals.
  /// With `positive`, 255 where it is not above zero: a rectifier before the pool lets nothing back through there.
  public func places(
    chunk: Int, positive: Bool, x: UnsafePointer<Float>, places: UnsafeMutablePointer<UInt8>
  ) {
    let (plane, range) = place(chunk)
    var w = sizes
    weft_kernels().pointee.blocked_pool_places(
      &w, positive ? 1 : 0, x + plane * window.inputArea * Blocked.block, range.lowerBound, range.upperBound,
      places + plane * window.outputArea * Blocked.block)
  }

  /// dx from dy, and for maxima from their places; zero where a bit of `mask` (see `BlockedSigns`) is not set.
  public func gradient(
    chunk: Int, places: UnsafePointer<UInt8>?, dy: UnsafePointer<Float>, mask: UnsafePointer<UInt16>?,
    dx: UnsafeMutablePointer<Float>
  ) {
    let (plane, range) = place(chunk)
    var (w, settings) = (sizes, settings)
    let (start, result) = (plane * window.inputArea * Blocked.block, plane * window.outputArea * Blocked.block)
    weft_kernels().pointee.blocked_pool_gradient(
      &w, &settings, places.map { $0 + result }, dy + result, mask.map { $0 + plane * window.inputArea },
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
