/// Between 8-bit images [height, width, channels] and float planes [channels, height, width], and among byte layouts.
public enum PixelConversion {
  /// y[channel][pixel] = (x * scale - mean[channel]) * inverse[channel] as factor and offset: y = x * factor[channel] +
  /// offset[channel], for a range of pixels of `area`. `swaps` reverses the first three channels (RGB and BGR).
  public static func toPlanes(
    pixels: Range<Int>, area: Int, channels: Int, swaps: Bool = false, x: UnsafePointer<UInt8>,
    factor: UnsafePointer<Float>, offset: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<channels {
      let source = x + (swaps && channel < 3 ? 2 - channel : channel)
      let (slope, shift) = (factor[channel], offset[channel])
      for pixel in pixels { y[channel * area + pixel] = Float(source[pixel * channels]) * slope + shift }
    }
  }

  /// Bytes from planes: floor(clamp(x * factor[channel] + offset[channel], 0, 255) + 1/2); NaN gives 0.
  public static func toBytes(
    pixels: Range<Int>, area: Int, channels: Int, swaps: Bool = false, x: UnsafePointer<Float>,
    factor: UnsafePointer<Float>, offset: UnsafePointer<Float>, y: UnsafeMutablePointer<UInt8>
  ) {
    for channel in 0..<channels {
      let target = y + (swaps && channel < 3 ? 2 - channel : channel)
      let (slope, shift) = (factor[channel], offset[channel])
      for pixel in pixels {
        let value = x[channel * area + pixel] * slope + shift
        target[pixel * channels] = value > 0 ? UInt8(min(value, 255) + 0.5) : 0
      }
    }
  }

  /// Swaps the first and third of `channels` bytes of each pixel; x and y may be the same.
  public static func swapRedAndBlue(
    pixels: Range<Int>, channels: Int, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>
  ) {
    for i in pixels {
      let (first, third) = (x[i * channels], x[i * channels + 2])
      for channel in 1..<channels { y[i * channels + channel] = x[i * channels + channel] }
      y[i * channels] = third
      y[i * channels + 2] = first
    }
  }

  /// Luma of RGB pixels by BT.601 in 16-bit fixed point, as Pillow's mode L.
  public static func grey(
    pixels: Range<Int>, channels: Int, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>
  ) {
    for i in pixels {
      let (r, g, b) = (UInt32(x[i * channels]), UInt32(x[i * channels + 1]), UInt32(x[i * channels + 2]))
      y[i] = UInt8((19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16)
    }
  }

  /// Three equal channels from one.
  public static func spread(
    pixels: Range<Int>, channels: Int, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>
  ) {
    for i in pixels { for channel in 0..<channels { y[i * channels + channel] = x[i] } }
  }
}
