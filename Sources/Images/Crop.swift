import Language
import Tensors

extension Image {
  /// The part `width` × `height` whose top left pixel is (x, y). It must lie inside the picture and hold a pixel.
  public func cropped(x: Int, y: Int, width: Int, height: Int) throws(Fault) -> Image {
    guard x >= 0, y >= 0, width > 0, height > 0, width <= self.width - x, height <= self.height - y else {
      throw .cropOutside(x: x, y: y, width: width, height: height, of: self)
    }
    return gathered(rows: Array(y..<y + height), columns: Array(x..<x + width), background: .black)
  }

  /// What lies outside the picture when it is padded.
  public enum Padding: Sendable, Hashable {
    case constant(Colour)
    /// The nearest pixel repeated.
    case edge
    /// Mirrored at the outermost pixel, which is not repeated (PyTorch's `reflect`).
    case reflect
  }

  /// The picture with more pixels on its sides. Counts are not negative; `reflect` can add at most one less than the
  /// extent of the picture.
  public func padded(
    top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0, _ padding: Padding
  ) throws(Fault) -> Image {
    let rows = try indices(of: height, top, bottom, padding)
    let columns = try indices(of: width, left, right, padding)
    var background = Colour.black
    if case .constant(let colour) = padding { background = colour }
    return gathered(rows: rows, columns: columns, background: background)
  }

  /// For each output position the source index, -1 for the background.
  private func indices(of extent: Int, _ before: Int, _ after: Int, _ padding: Padding) throws(Fault) -> [Int] {
    let limit = padding == .reflect ? extent - 1 : extent > 0 ? 1 << 30 : 0
    for count in [before, after] where !(0...max(0, limit)).contains(count) {
      throw .padOutOfRange(count, extent: extent, reflects: padding == .reflect)
    }
    return (-before..<extent + after).map { index in
      switch padding {
      case .constant: index >= 0 && index < extent ? index : -1
      case .edge: min(max(index, 0), extent - 1)
      case .reflect: index < 0 ? -index : index < extent ? index : 2 * (extent - 1) - index
      }
    }
  }

  private func gathered(rows: [Int], columns: [Int], background: Colour) -> Image {
    format.bits == 8
      ? gathered(UInt8.self, rows, columns, background) : gathered(UInt16.self, rows, columns, background)
  }

  private func gathered<T: Element & FixedWidthInteger>(
    _ type: T.Type, _ rows: [Int], _ columns: [Int], _ background: Colour
  ) -> Image {
    let (channels, width) = (format.channels, self.width)
    let fill = background.samples(format).map { T($0) }
    let pixels = self.pixels.withElements(T.self) { source in
      Tensor(T.self, shape: [rows.count, columns.count, channels]) { target in
        var out = 0
        for row in rows {
          for column in columns {
            let from = row < 0 || column < 0 ? nil : (row * width + column) * channels
            for c in 0..<channels { target[out + c] = from.map { source[$0 + c] } ?? fill[c] }
            out += channels
          }
        }
      }
    }
    return Image(format: format, pixels: pixels)
  }
}
