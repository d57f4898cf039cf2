import Tensors

/// Pictures made by arithmetic: test patterns, and a photo-like and a painting-like picture for use where no file is at
/// hand. All are rgb8 of any size above 0; the same arguments give the same pixels.
public enum Picture {
  /// A mountain valley with a lake, woods, snow and clouds.
  public static func mountains(width: Int, height: Int, seed: UInt64 = 1) -> Image {
    requireSize(width, height)
    return Mountains(seed: seed).render(width: width, height: height)
  }

  /// A painting of a night sky in swirling strokes over a village with a cypress.
  public static func brushstrokes(width: Int, height: Int, seed: UInt64 = 1) -> Image {
    requireSize(width, height)
    return Brushstrokes(seed: seed, aspect: Double(width) / Double(height)).render(width: width, height: height)
  }
}
