import Tensors

/// A picture that can be drawn on. Positions are continuous: pixel (i, j) covers [i, i + 1) × [j, j + 1), (0, 0) is the
/// top left corner. What lies outside is cut off; a shape with a coordinate that is not finite is not drawn.
public struct Canvas: Sendable {
  public let format: PixelFormat
  public let width: Int
  public let height: Int
  /// Interleaved; 0...255 or 0...65535 as the format says.
  private var samples: [UInt16]

  public init(_ image: Image) {
    (format, width, height) = (image.format, image.width, image.height)
    samples =
      format.bits == 8
      ? image.pixels.withElements(UInt8.self) { $0.map { UInt16($0) } } : image.pixels.elements(UInt16.self)
  }

  public init(width: Int, height: Int, format: PixelFormat = .rgb8, background: Colour) {
    (self.format, self.width, self.height) = (format, width, height)
    let pixel = background.samples(format)
    samples = (0..<width * height).flatMap { _ in pixel }
  }

  public var image: Image {
    let shape = [height, width, format.channels]
    return Image(
      format: format,
      pixels: format.bits == 8
        ? Tensor(shape: shape, samples.map { UInt8(truncatingIfNeeded: $0) }) : Tensor(shape: shape, samples))
  }

  /// A colour in the terms of the canvas.
  struct Paint {
    let samples: [UInt16]
    let opacity: Float
  }

  func paint(_ colour: Colour) -> Paint {
    Paint(samples: colour.samples(format), opacity: Float(colour.alpha) / 255)
  }

  /// Lays paint over the pixel (x, y), which may lie outside; `coverage` 0...1 is the covered part of the pixel.
  mutating func blend(_ x: Int, _ y: Int, _ paint: Paint, _ coverage: Float = 1) {
    let alpha = min(max(coverage, 0), 1) * paint.opacity
    guard alpha > 0, x >= 0, y >= 0, x < width, y < height else { return }
    let channels = format.channels
    let start = (y * width + x) * channels
    guard format.hasAlpha else {
      for c in 0..<channels { samples[start + c] = Self.mixed(paint.samples[c], samples[start + c], alpha) }
      return
    }
    let full: Float = format.bits == 8 ? 255 : 65535
    let below = Float(samples[start + channels - 1]) / full
    let total = alpha + below * (1 - alpha)
    for c in 0..<channels - 1 { samples[start + c] = Self.mixed(paint.samples[c], samples[start + c], alpha / total) }
    samples[start + channels - 1] = UInt16((total * full).rounded())
  }

  private static func mixed(_ above: UInt16, _ below: UInt16, _ alpha: Float) -> UInt16 {
    UInt16((Float(below) + (Float(above) - Float(below)) * alpha).rounded())
  }

  /// Copies a picture so that its top left pixel comes to (x, y); alpha lets the canvas show through.
  public mutating func place(_ image: Image, x: Int, y: Int) {
    let own = Canvas(image.converted(to: format))
    let channels = format.channels
    let rows = max(0, -y)..<max(max(0, -y), min(image.height, height - y))
    let columns = max(0, -x)..<max(max(0, -x), min(image.width, width - x))
    guard image.format.hasAlpha else {
      for row in rows {
        let from = (row * image.width + columns.lowerBound) * channels
        let to = ((y + row) * width + x + columns.lowerBound) * channels
        for i in 0..<columns.count * channels { samples[to + i] = own.samples[from + i] }
      }
      return
    }
    let opacity = Canvas(image.converted(to: format.bits == 8 ? .rgba8 : .rgba16))
    let full: Float = format.bits == 8 ? 255 : 65535
    for row in rows {
      for column in columns {
        let pixel = row * image.width + column
        let colour = Array(own.samples[pixel * channels..<(pixel + 1) * channels])
        let paint = Paint(samples: colour, opacity: Float(opacity.samples[4 * pixel + 3]) / full)
        blend(x + column, y + row, paint)
      }
    }
  }

  /// The whole pixels that a range of positions touches, inside the canvas. Nil where there are none.
  func pixels(_ from: Double, _ to: Double, within extent: Int) -> Range<Int>? {
    guard from.isFinite, to.isFinite, to > 0, from < Double(extent), from < to else { return nil }
    let first = Int(max(0, from.rounded(.down)))
    let last = Int(min(Double(extent), to.rounded(.up)))
    return first < last ? first..<last : nil
  }
}
