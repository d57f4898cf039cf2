/// The mean of each window; planes are any leading dimensions, flattened.
public struct AveragePool: Sendable, Hashable {
  public let window: PoolWindow
  /// Whether padded zeros count in the divisor (up to `padBottom` and `padRight` beyond the plane, as in PyTorch).
  public let countsPadding: Bool
  public let padBottom: Int
  public let padRight: Int

  public init(_ window: PoolWindow, countsPadding: Bool = true, padBottom: Int = 0, padRight: Int = 0) {
    self.window = window
    self.countsPadding = countsPadding
    self.padBottom = padBottom
    self.padRight = padRight
  }

  /// How many elements an output is divided by; at least 1.
  @inline(__always)
  private func divisor(_ oy: Int, _ ox: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Float {
    guard countsPadding else { return Float(max(1, rows.count * columns.count)) }
    let w = window
    let (top, left) = (oy * w.stride.height - w.padTop, ox * w.stride.width - w.padLeft)
    let height = min(top + w.kernel.height, w.input.height + padBottom) - top
    let width = min(left + w.kernel.width, w.input.width + padRight) - left
    return Float(max(1, height * width))
  }

  public func forward(planes: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let w = window
    for plane in planes {
      let source = x + plane * w.inputArea
      var index = plane * w.outputArea
      for oy in 0..<w.output.height {
        let rows = w.rows(oy)
        for ox in 0..<w.output.width {
          let columns = w.columns(ox)
          var sum: Float = 0
          for iy in rows { for ix in columns { sum += source[iy * w.input.width + ix] } }
          y[index] = sum / divisor(oy, ox, rows, columns)
          index += 1
        }
      }
    }
  }

  /// dx from dy; overwrites dx.
  public func gradient(planes: Range<Int>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>) {
    let w = window
    for plane in planes {
      let target = dx + plane * w.inputArea
      target.update(repeating: 0, count: w.inputArea)
      var index = plane * w.outputArea
      for oy in 0..<w.output.height {
        let rows = w.rows(oy)
        for ox in 0..<w.output.width {
          let columns = w.columns(ox)
          let share = dy[index] / divisor(oy, ox, rows, columns)
          for iy in rows { for ix in columns { target[iy * w.input.width + ix] += share } }
          index += 1
        }
      }
    }
  }
}
