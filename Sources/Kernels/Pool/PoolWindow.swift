/// The sizes of a 2-D pooling over planes. The caller states the output size, which settles floor against ceil; windows
/// are cut at the padded edge.
public struct PoolWindow: Sendable, Hashable {
  public let input: Extent
  public let kernel: Extent
  public let stride: Extent
  public let padTop: Int
  public let padLeft: Int
  public let output: Extent

  public init(
    input: Extent, kernel: Extent, stride: Extent, padTop: Int = 0, padLeft: Int = 0, output: Extent
  ) {
    self.input = input
    self.kernel = kernel
    self.stride = stride
    self.padTop = padTop
    self.padLeft = padLeft
    self.output = output
  }

  var inputArea: Int { input.height * input.width }
  var outputArea: Int { output.height * output.width }

  /// The rows and columns inside the plane that output (row, column) looks at; may be empty.
  @inline(__always)
  func rows(_ row: Int) -> Range<Int> { Self.span(row * stride.height - padTop, kernel.height, input.height) }
  @inline(__always)
  func columns(_ column: Int) -> Range<Int> { Self.span(column * stride.width - padLeft, kernel.width, input.width) }

  @inline(__always)
  private static func span(_ begin: Int, _ size: Int, _ limit: Int) -> Range<Int> {
    let first = max(0, begin)
    return first..<max(first, min(limit, begin + size))
  }
}
