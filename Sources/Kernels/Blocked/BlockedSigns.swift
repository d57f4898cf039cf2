import CKernels

/// Which elements of a value in blocks are above zero: a word of bits per line of 16 channels, the first channel lowest.
/// What a rectifier lets back through is told by a thirty-second of the memory of its result.
public struct BlockedSigns: Sendable {
  private let lines: Int

  public init(shape: [Int]) { lines = Blocked.count(shape) / Blocked.block }

  /// Whole cache lines.
  public var byteCount: Int { (2 * lines + 63) / 64 * 64 }
  private static let piece = 4096
  public var chunks: Int { parts(lines, size: Self.piece) }

  public func run(chunk: Int, x: UnsafePointer<Float>, bits: UnsafeMutablePointer<UInt16>) {
    let range = part(chunk, of: lines, size: Self.piece)
    weft_kernels().pointee.blocked_signs(range.lowerBound, range.upperBound, x, bits)
  }
}
