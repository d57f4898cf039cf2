import Tensors

/// What a picture file may cost. Checked from its header, before memory is taken.
public struct ImageLimits: Sendable, Hashable {
  public var maximumPixels: Int
  public var maximumFileBytes: Int

  public init(maximumPixels: Int = 200_000_000, maximumFileBytes: Int = 512_000_000) {
    self.maximumPixels = maximumPixels
    self.maximumFileBytes = maximumFileBytes
  }
}

/// How a picture file becomes pixels.
public struct DecodeOptions: Sendable, Hashable {
  public enum OrientationRule: String, Sendable, Hashable, CaseIterable { case apply, ignore }

  public var limits: ImageLimits
  /// Size of the decoded JPEG in eighths of the stored one, 1...8; sizes are rounded up. Only JPEG can do it.
  public var eighths: Int
  /// Whether the picture is turned upright as its EXIF data says.
  public var orientation: OrientationRule
  /// The format wanted; nil keeps what the file holds (CMYK always becomes rgb8).
  public var format: PixelFormat?
  /// What becomes of alpha when `format` has none.
  public var alpha: AlphaRule

  public init(
    limits: ImageLimits = ImageLimits(), eighths: Int = 8, orientation: OrientationRule = .apply,
    format: PixelFormat? = nil, alpha: AlphaRule = .drop
  ) {
    self.limits = limits
    self.eighths = eighths
    self.orientation = orientation
    self.format = format
    self.alpha = alpha
  }
}
