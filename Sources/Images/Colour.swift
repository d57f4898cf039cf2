import Tensors

/// A colour with 8 bits per channel, sRGB as pictures hold it. Alpha 255 is opaque.
public struct Colour: Sendable, Hashable {
  public var red, green, blue, alpha: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
    (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
  }

  public static let black = Colour(0, 0, 0)
  public static let white = Colour(255, 255, 255)
  public static let grey = Colour(128, 128, 128)
  public static let red = Colour(230, 40, 40)
  public static let green = Colour(40, 200, 80)
  public static let blue = Colour(50, 110, 240)
  public static let yellow = Colour(250, 210, 40)
  public static let transparent = Colour(0, 0, 0, alpha: 0)

  private static let names: [String: Colour] = [
    "black": .black, "white": .white, "grey": .grey, "red": .red, "green": .green, "blue": .blue,
    "yellow": .yellow, "transparent": .transparent,
  ]

  /// Reads a name (`white`, `red`…) or `#rgb`, `#rrggbb`, `#rrggbbaa`. Nil when `text` is neither.
  public init?(_ text: String) {
    if let named = Self.names[text.lowercased()] {
      self = named
      return
    }
    guard text.hasPrefix("#") else { return nil }
    let digits = text.dropFirst().compactMap { $0.isASCII ? $0.hexDigitValue : nil }
    guard digits.count == text.count - 1 else { return nil }
    let values: [Int]
    switch digits.count {
    case 3: values = digits.map { $0 * 17 } + [255]
    case 6, 8:
      let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 16 + digits[$0 + 1] }
      values = pairs.count == 3 ? pairs + [255] : pairs
    default: return nil
    }
    self.init(UInt8(values[0]), UInt8(values[1]), UInt8(values[2]), alpha: UInt8(values[3]))
  }

  /// The colour's brightness by ITU-R BT.601, 0...255, rounded as Pillow's mode L.
  public var luma: UInt8 { Luma.of(red, green, blue) }

  /// The samples of one pixel of `format`, as 0...255 or 0...65535.
  public func samples(_ format: PixelFormat) -> [UInt16] {
    let colour: [UInt8] = format.channels < 3 ? [luma] : [red, green, blue]
    let all = format.hasAlpha ? colour + [alpha] : colour
    return all.map { format.bits == 8 ? UInt16($0) : UInt16($0) * 257 }
  }
}

/// Brightness of an RGB pixel by ITU-R BT.601 in 16-bit fixed point: 0.299 R + 0.587 G + 0.114 B, rounded.
enum Luma {
  @inline(__always) static func of<T: FixedWidthInteger & UnsignedInteger>(_ red: T, _ green: T, _ blue: T) -> T {
    let sum: UInt32 = UInt32(red) &* 19595 &+ UInt32(green) &* 38470
    // At most 65535 · 65536 + 32768, which still fits.
    return T(truncatingIfNeeded: (sum &+ UInt32(blue) &* 7471 &+ 0x8000) >> 16)
  }
}
