/// The largest element of each window; planes are any leading dimensions, flattened. Padding never wins.
public struct MaxPool: Sendable, Hashable {
  public let window: PoolWindow

  public init(_ window: PoolWindow) { self.window = window }

  /// y, and if asked the place of each maximum as its index in the input plane (the first one in row order; a NaN
  /// wins). A window wholly in the padding gives -infinity and the place -1.
  public func forward(
    planes: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Int32>?
  ) {
    let w = window
    for plane in planes {
      let source = x + plane * w.inputArea
      var index = plane * w.outputArea
      for oy in 0..<w.output.height {
        let rows = w.rows(oy)
        for ox in 0..<w.output.width {
          let columns = w.columns(ox)
          var best = -Float.infinity
          var place = -1
          for iy in rows {
            for ix in columns {
              let value = source[iy * w.input.width + ix]
              if value > best || place < 0 || (value.isNaN && !best.isNaN) {
                best = value
                place = iy * w.input.width + ix
              }
            }
          }
          y[index] = best
          places?[index] = Int32(place)
          index += 1
        }
      }
    }
  }

  /// dx from dy and the places of `forward`; overwrites dx.
  public func gradient(
    planes: Range<Int>, dy: UnsafePointer<Float>, places: UnsafePointer<Int32>, dx: UnsafeMutablePointer<Float>
  ) {
    for plane in planes {
      let target = dx + plane * window.inputArea
      target.update(repeating: 0, count: window.inputArea)
      for index in plane * window.outputArea..<(plane + 1) * window.outputArea where places[index] >= 0 {
        target[Int(places[index])] += dy[index]
      }
    }
  }
}
