import CKernels

/// The layout [N, C/16, H, W, 16]: channels in blocks that fill a vector register, the last block filled up with zeros.
/// Kernels never read the filling; they write zeros there.
public enum Blocked {
  public static let block = Int(weft_block)

  public static func blocks(_ channels: Int) -> Int { (channels + block - 1) / block }

  /// Floats of a value of that shape, [N, C, H, W].
  public static func count(_ shape: [Int]) -> Int { shape[0] * blocks(shape[1]) * block * shape[2] * shape[3] }

  /// Converting between blocks and [N, C, H, W] or [N, H, W, C], in chunks of positions.
  public struct Conversion: Sendable {
    private let batch: Int
    private let channels: Int
    private let area: Int
    private let size: Int

    public init(_ shape: [Int]) {
      (batch, channels, area) = (shape[0], shape[1], shape[2] * shape[3])
      // About 64 K elements, in whole squares of 16 positions by 16 channels.
      size = max(16, 65536 / max(1, channels) / 16 * 16)
    }

    public var chunks: Int { batch * parts(area, size: size) }

    public func toBlocks(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
      let (image, range) = place(chunk)
      weft_kernels().pointee.to_blocked(
        channels, area, range.lowerBound, range.upperBound, x + image * channels * area, y + image * padded)
    }

    public func fromBlocks(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
      let (image, range) = place(chunk)
      weft_kernels().pointee.from_blocked(
        channels, area, range.lowerBound, range.upperBound, x + image * padded, y + image * channels * area)
    }

    /// From blocks to [N, H, W, C].
    public func toChannelsLast(chunk: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
      let (image, range) = place(chunk)
      weft_kernels().pointee.channels_last(
        channels, area, range.lowerBound, range.upperBound, x + image * padded, y + image * channels * area)
    }

    private var padded: Int { blocks(channels) * block * area }

    private func place(_ chunk: Int) -> (Int, Range<Int>) {
      let pieces = parts(area, size: size)
      return (chunk / pieces, part(chunk % pieces, of: area, size: size))
    }
  }
}

/// What is done to a convolution's sums before they are stored, in the order of the members.
public struct Epilogue {
  public enum Activation: Int32, Sendable {
    case none = 0
    case rectify = 1
    /// Times a slope per channel below zero.
    case lean = 2
    /// Held between `low` and `high`.
    case bound = 3
  }

  /// A number per channel, filled up to whole blocks.
  public var bias: UnsafePointer<Float>?
  /// Added; lies like the result.
  public var residual: UnsafePointer<Float>?
  public var activation = Activation.none
  /// A number per channel, filled up to whole blocks.
  public var slope: UnsafePointer<Float>?
  /// The result is zero where its bit is not set: see `BlockedSigns`.
  public var mask: UnsafePointer<UInt16>?
  /// Of the activation `bound`; zero lies between them, so that the filling of blocks stays zero.
  public var low: Float = 0
  public var high: Float = 0
  /// Written as well, like `mask`: where the result is above zero. For the algorithms that tell (`givesSigns`).
  public var signs: UnsafeMutablePointer<UInt16>?
  /// For Winograd's: only the largest of each whole window of 2 × 2 results is stored.
  public var halves: Halves?

  public struct Halves {
    /// The number of the largest in its window; nil where nobody asks.
    public let places: UnsafeMutablePointer<UInt8>?
    /// The number is 255 where the largest is not above zero.
    public let positive: Bool

    public init(places: UnsafeMutablePointer<UInt8>?, positive: Bool) {
      (self.places, self.positive) = (places, positive)
    }
  }

  public init() {}

  var settings: weft_epilogue {
    weft_epilogue(
      bias: bias, residual: residual, activation: activation.rawValue, slope: slope, mask: mask, low: low, high: high,
      streams: 0, signs: signs, halves: halves == nil ? 0 : 1, places: halves?.places,
      positive: halves?.positive == true ? 1 : 0)
  }
}
