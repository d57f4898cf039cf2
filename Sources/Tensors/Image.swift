/// How the bytes of a picture are meant. Pictures are always interleaved (height, width, channel).
public enum PixelFormat: String, Sendable, Hashable, CaseIterable {
  case grey8, greya8, rgb8, rgba8
  case grey16, greya16, rgb16, rgba16

  public init?(channels: Int, dtype: DType) {
    guard dtype == .u8 || dtype == .u16, (1...4).contains(channels) else { return nil }
    let names: [PixelFormat] = dtype == .u8 ? [.grey8, .greya8, .rgb8, .rgba8] : [.grey16, .greya16, .rgb16, .rgba16]
    self = names[channels - 1]
  }

  public var channels: Int {
    switch self {
    case .grey8, .grey16: 1
    case .greya8, .greya16: 2
    case .rgb8, .rgb16: 3
    case .rgba8, .rgba16: 4
    }
  }

  public var hasAlpha: Bool { channels == 2 || channels == 4 }
  public var dtype: DType { bits == 8 ? .u8 : .u16 }
  public var bits: Int { rawValue.hasSuffix("16") ? 16 : 8 }
}

/// A picture: `pixels` is [height, width, channels] of u8 or u16 (native byte order), colour order as `format` says.
public struct Image: Sendable, Equatable {
  public let format: PixelFormat
  public let pixels: Tensor

  public init(format: PixelFormat, pixels: Tensor) {
    precondition(
      pixels.rank == 3 && pixels.shape[2] == format.channels && pixels.dtype == format.dtype,
      "pixels \(pixels.dtype)\(pixels.shape) are not \(format.rawValue)")
    self.format = format
    self.pixels = pixels
  }

  public var height: Int { pixels.shape[0] }
  public var width: Int { pixels.shape[1] }

  public var digest: Digest {
    var hasher = ContentHasher()
    hasher.combine(format.rawValue)
    hasher.combine(pixels.digest)
    return hasher.digest
  }
}
