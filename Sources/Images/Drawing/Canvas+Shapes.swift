/// A position on a canvas.
public struct Point: Sendable, Hashable {
  public var x, y: Double
  public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

extension Canvas {
  /// Fills a rectangle; its edges go to the nearest whole pixel.
  public mutating func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
    guard let columns = pixels(x.rounded(), (x + width).rounded(), within: self.width),
      let rows = pixels(y.rounded(), (y + height).rounded(), within: self.height)
    else { return }
    let paint = paint(colour)
    for row in rows { for column in columns { blend(column, row, paint) } }
  }

  /// Draws the frame of a rectangle, `lineWidth` whole pixels wide, centred on its edges. Corners are drawn once, so
  /// translucent frames are even.
  public mutating func box(
    x: Double, y: Double, width: Double, height: Double, _ colour: Colour, lineWidth: Int = 2
  ) {
    guard lineWidth > 0, width >= 0, height >= 0 else { return }
    let line = Double(lineWidth)
    let outside = (lineWidth / 2, lineWidth - lineWidth / 2)
    let (left, top) = (x.rounded() - Double(outside.0), y.rounded() - Double(outside.0))
    let (right, bottom) = ((x + width).rounded() + Double(outside.1), (y + height).rounded() + Double(outside.1))
    fill(x: left, y: top, width: right - left, height: line, colour)
    fill(x: left, y: max(top + line, bottom - line), width: right - left, height: line, colour)
    fill(x: left, y: top + line, width: line, height: bottom - top - 2 * line, colour)
    fill(x: max(left + line, right - line), y: top + line, width: line, height: bottom - top - 2 * line, colour)
  }

  /// A filled circle with smooth edges, for points and landmarks.
  public mutating func disc(_ centre: Point, radius: Double, _ colour: Colour) {
    guard radius > 0 else { return }
    shade(centre, centre, reach: radius, colour) { radius - $0 }
  }

  /// A circle line with smooth edges, centred on the radius.
  public mutating func circle(_ centre: Point, radius: Double, _ colour: Colour, lineWidth: Double = 1) {
    guard radius > 0, lineWidth > 0 else { return }
    shade(centre, centre, reach: radius + lineWidth / 2, colour) { lineWidth / 2 - abs($0 - radius) }
  }

  /// A straight line with round ends and smooth edges.
  public mutating func line(from: Point, to: Point, _ colour: Colour, lineWidth: Double = 1) {
    guard lineWidth > 0 else { return }
    shade(from, to, reach: lineWidth / 2, colour) { lineWidth / 2 - $0 }
  }

  /// Lines through all points in order.
  public mutating func polyline(_ points: [Point], _ colour: Colour, lineWidth: Double = 1) {
    for (from, to) in zip(points, points.dropFirst()) { line(from: from, to: to, colour, lineWidth: lineWidth) }
  }

  /// A line of whole pixels, one wide (Bresenham), from pixel to pixel, both included. Positions may lie outside, but
  /// not more than 2^20 pixels away.
  public mutating func plainLine(fromX: Int, fromY: Int, toX: Int, toY: Int, _ colour: Colour) {
    guard [fromX, fromY, toX, toY].allSatisfy({ abs($0) <= 1 << 20 }) else { return }
    let paint = paint(colour)
    let (spanX, spanY) = (abs(toX - fromX), -abs(toY - fromY))
    var (x, y, error) = (fromX, fromY, spanX + spanY)
    while true {
      blend(x, y, paint)
      if x == toX, y == toY { return }
      let twice = 2 * error
      if twice >= spanY {
        error += spanY
        x += fromX < toX ? 1 : -1
      }
      if twice <= spanX {
        error += spanX
        y += fromY < toY ? 1 : -1
      }
    }
  }

  /// Blends every pixel whose centre lies within `reach` of a segment; `inside` turns the distance into how deep the
  /// centre lies in the shape, in pixels, which half a pixel more or less turns into coverage.
  private mutating func shade(
    _ from: Point, _ to: Point, reach: Double, _ colour: Colour, _ inside: (Double) -> Double
  ) {
    guard let columns = pixels(min(from.x, to.x) - reach - 1, max(from.x, to.x) + reach + 1, within: width),
      let rows = pixels(min(from.y, to.y) - reach - 1, max(from.y, to.y) + reach + 1, within: height)
    else { return }
    let paint = paint(colour)
    let (spanX, spanY) = (to.x - from.x, to.y - from.y)
    let length = spanX * spanX + spanY * spanY
    for row in rows {
      for column in columns {
        let (x, y) = (Double(column) + 0.5 - from.x, Double(row) + 0.5 - from.y)
        let along = length > 0 ? min(max((x * spanX + y * spanY) / length, 0), 1) : 0
        let (offX, offY) = (x - along * spanX, y - along * spanY)
        blend(column, row, paint, Float(inside((offX * offX + offY * offY).squareRoot()) + 0.5))
      }
    }
  }
}
