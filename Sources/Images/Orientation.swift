import Tensors

/// The eight ways a picture can lie, numbered as in EXIF. The name says what must be done to the stored picture so that
/// it stands upright; turns are clockwise.
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
  case upright = 1
  case flipHorizontally, rotate180, flipVertically, transpose, rotate90, transverse, rotate270

  /// Whether width and height change places.
  public var swapsAxes: Bool { rawValue >= 5 }
}

extension Image {
  /// The picture turned or mirrored (rgb stays rgb, every sample keeps its value). Width and height change places for
  /// the four orientations that swap axes.
  public func oriented(_ orientation: Orientation) -> Image {
    switch (orientation, format.bits) {
    case (.upright, _): self
    case (_, 8): moved(UInt8.self, orientation)
    default: moved(UInt16.self, orientation)
    }
  }

  public func flippedHorizontally() -> Image { oriented(.flipHorizontally) }
  public func flippedVertically() -> Image { oriented(.flipVertically) }

  /// Turned clockwise by any number of quarter turns; negative numbers turn the other way.
  public func rotated(quarterTurns: Int) -> Image {
    oriented([.upright, .rotate90, .rotate180, .rotate270][((quarterTurns % 4) + 4) % 4])
  }

  private func moved<T: Element>(_ type: T.Type, _ orientation: Orientation) -> Image {
    let (height, width, channels) = (self.height, self.width, format.channels)
    let outer = orientation.swapsAxes ? width : height
    let inner = orientation.swapsAxes ? height : width
    // Source index of output (0, 0), and what one step down or right in the output adds to it.
    let (last, bottom) = (width - 1, (height - 1) * width)
    let (start, down, right): (Int, Int, Int) =
      switch orientation {
      case .upright: (0, width, 1)
      case .flipHorizontally: (last, width, -1)
      case .rotate180: (bottom + last, -width, -1)
      case .flipVertically: (bottom, -width, 1)
      case .transpose: (0, 1, width)
      case .rotate90: (bottom, 1, -width)
      case .transverse: (bottom + last, -1, -width)
      case .rotate270: (last, -1, width)
      }
    let pixels = self.pixels.withElements(T.self) { source in
      Tensor(T.self, shape: [outer, inner, channels]) { target in
        var out = 0
        for y in 0..<outer {
          var from = (start + y * down) * channels
          for _ in 0..<inner {
            for c in 0..<channels { target[out + c] = source[from + c] }
            out += channels
            from += right * channels
          }
        }
      }
    }
    return Image(format: format, pixels: pixels)
  }
}
