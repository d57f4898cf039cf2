import Tensors

/// How a picture is written.
public enum ImageEncoding: Sendable, Hashable {
  case png(PNGSettings)
  case jpeg(JPEGSettings)

  /// The default settings of a format.
  public init(_ format: ImageFileFormat) {
    self = format == .png ? .png(PNGSettings()) : .jpeg(JPEGSettings())
  }

  public var fileFormat: ImageFileFormat {
    switch self {
    case .png: .png
    case .jpeg: .jpeg
    }
  }
}

/// PNG keeps every pixel format as it is.
public struct PNGSettings: Sendable, Hashable {
  /// One line of text that travels in the file. Latin-1 text is written as tEXt, other text as iTXt.
  public struct Text: Sendable, Hashable {
    public var key: String
    public var value: String
    public init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
  }

  /// zlib's level: 0 stores, 1 is fast, 9 is small.
  public var level: Int
  public var texts: [Text]

  public init(level: Int = 6, texts: [Text] = []) { (self.level, self.texts) = (level, texts) }
}

/// JPEG holds 8-bit grey or RGB: deeper pictures lose their low byte.
public struct JPEGSettings: Sendable, Hashable {
  public enum Sampling: String, Sendable, Hashable, CaseIterable {
    /// Colour at full resolution.
    case full = "4:4:4"
    /// Colour at half the resolution across and down.
    case half = "4:2:0"
  }

  /// 1...100.
  public var quality: Int
  public var sampling: Sampling
  /// The background of a picture with alpha; without one such a picture is refused.
  public var background: Colour?

  public init(quality: Int = 92, sampling: Sampling = .full, background: Colour? = nil) {
    (self.quality, self.sampling, self.background) = (quality, sampling, background)
  }
}
