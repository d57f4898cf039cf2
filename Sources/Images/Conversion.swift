import Tensors

/// What becomes of alpha in a format without it.
public enum AlphaRule: Sendable, Hashable {
  /// Colours stay as they are stored, as Pillow's `convert("RGB")` does.
  case drop
  /// The picture is laid over a background (whose own alpha is not used).
  case over(Colour)
}

extension Image {
  /// The picture in another format.
  ///
  /// Depth changes first: 16 → 8 bits keeps the high byte (as Pillow does for RGB; it *clips* grey at 255 instead,
  /// which is not done here), 8 → 16 multiplies by 257. Then channels: colour → grey by BT.601 in 16-bit fixed point
  /// (equal to Pillow's `convert("L")`), grey → colour repeats it, new alpha is opaque.
  public func converted(to target: PixelFormat, alpha: AlphaRule = .drop) -> Image {
    var image = self
    if image.format.bits != target.bits { image = image.withDepth(target.bits) }
    guard image.format != target else { return image }
    return target.bits == 8
      ? image.withChannels(UInt8.self, target, alpha) : image.withChannels(UInt16.self, target, alpha)
  }

  /// Red and blue exchanged (for files and models that mean BGR); alpha and grey pictures stay as they are.
  public func swappingRedAndBlue() -> Image {
    guard format.channels >= 3 else { return self }
    return format.bits == 8 ? swapped(UInt8.self) : swapped(UInt16.self)
  }

  private func swapped<T: Element>(_ type: T.Type) -> Image {
    let channels = format.channels
    return Image(
      format: format,
      pixels: pixels.withElements(T.self) { source in
        Tensor(T.self, shape: pixels.shape) { target in
          _ = target.initialize(from: source)
          for pixel in stride(from: 0, to: source.count, by: channels) { target.swapAt(pixel, pixel + 2) }
        }
      })
  }

  private func withDepth(_ bits: Int) -> Image {
    let format = PixelFormat(channels: self.format.channels, dtype: bits == 8 ? .u8 : .u16)!
    if bits == 8 {
      return Image(
        format: format,
        pixels: pixels.withElements(UInt16.self) { source in
          Tensor(UInt8.self, shape: pixels.shape) { target in
            for i in 0..<source.count { target[i] = UInt8(truncatingIfNeeded: source[i] >> 8) }
          }
        })
    }
    return Image(
      format: format,
      pixels: pixels.withElements(UInt8.self) { source in
        Tensor(UInt16.self, shape: pixels.shape) { target in
          for i in 0..<source.count { target[i] = UInt16(source[i]) * 257 }
        }
      })
  }

  private func withChannels<T: Element & FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type, _ target: PixelFormat, _ rule: AlphaRule
  ) -> Image {
    let (from, to) = (format.channels, target.channels)
    var background: [T]?
    if case .over(let colour) = rule, format.hasAlpha, !target.hasAlpha {
      let opaque = PixelFormat(channels: from - 1, dtype: format.dtype)!
      background = colour.samples(opaque).map { T($0) }
    }
    let pixels = self.pixels.withElements(T.self) { source in
      Tensor(T.self, shape: [height, width, to]) { out in
        var (i, o) = (0, 0)
        while i < source.count {
          var colour = (source[i], source[i], source[i])
          if from >= 3 { colour = (source[i], source[i + 1], source[i + 2]) }
          let alpha = from == 2 || from == 4 ? source[i + from - 1] : T.max
          if let background {
            colour.0 = mix(colour.0, background[0], alpha)
            colour.1 = mix(colour.1, background[background.count == 1 ? 0 : 1], alpha)
            colour.2 = mix(colour.2, background[background.count == 1 ? 0 : 2], alpha)
          }
          if to >= 3 {
            (out[o], out[o + 1], out[o + 2]) = colour
          } else {
            out[o] = from >= 3 ? Luma.of(colour.0, colour.1, colour.2) : colour.0
          }
          if to == 2 || to == 4 { out[o + to - 1] = alpha }
          i += from
          o += to
        }
      }
    }
    return Image(format: target, pixels: pixels)
  }
}

/// `above` over `below` with the given alpha (0...T.max), rounded to nearest.
@inline(__always)
func mix<T: FixedWidthInteger & UnsignedInteger>(_ above: T, _ below: T, _ alpha: T) -> T {
  let full = UInt64(T.max)
  return T((UInt64(above) * UInt64(alpha) + UInt64(below) * (full - UInt64(alpha)) + full / 2) / full)
}
