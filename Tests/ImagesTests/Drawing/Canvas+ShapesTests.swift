import Images
import Tensors
import Testing

@Suite struct CanvasShapesTests {
  /// Draws on black 9 × 7 grey; each pixel as 0...9.
  static func drawn(_ draw: (inout Canvas) -> Void) -> [String] {
    var canvas = Canvas(width: 9, height: 7, format: .grey8, background: .black)
    draw(&canvas)
    let samples = canvas.image.pixels.elements(UInt8.self)
    return (0..<7).map { y in samples[y * 9..<y * 9 + 9].map { String(Int($0) * 9 / 255) }.joined() }
  }

  @Test func boxesHaveTheLineWidthAndAreCutAtTheEdge() {
    #expect(
      Self.drawn { $0.box(x: 1, y: 1, width: 5, height: 4, .white, lineWidth: 1) } == [
        "000000000", "099999900", "090000900", "090000900", "090000900", "099999900", "000000000",
      ])
    #expect(
      Self.drawn { $0.box(x: -3, y: 2, width: 6, height: 99, .white, lineWidth: 2) } == [
        "000000000", "999900000", "999900000", "009900000", "009900000", "009900000", "009900000",
      ])
  }

  @Test func translucentCornersAreDrawnOnce() {
    let rows = Self.drawn { $0.box(x: 1, y: 1, width: 4, height: 3, Colour(255, 255, 255, alpha: 128), lineWidth: 2) }
    #expect(Set(rows.joined()) == ["0", "4"])
    let thick = Self.drawn { $0.box(x: 2, y: 2, width: 1, height: 1, Colour(255, 255, 255, alpha: 128), lineWidth: 4) }
    #expect(Set(thick.joined()) == ["0", "4"])
  }

  @Test func plainLinesJoinTheirEnds() {
    #expect(
      Self.drawn { $0.plainLine(fromX: 0, fromY: 0, toX: 8, toY: 4, .white) } == [
        "900000000", "099000000", "000990000", "000009900", "000000099", "000000000", "000000000",
      ])
    for (x, y) in [(-5, 3), (20, 3), (4, -9), (4, 50), (4, 3)] {
      let forth = Self.drawn { $0.plainLine(fromX: 4, fromY: 3, toX: x, toY: y, .white) }
      #expect(forth[3].dropFirst(4).first == "9")
    }
  }

  @Test func smoothLinesCoverAsMuchAsTheyAreWide() {
    func sum(_ from: Point, _ to: Point, _ width: Double) -> Double {
      var canvas = Canvas(width: 64, height: 64, format: .grey8, background: .black)
      canvas.line(from: from, to: to, .white, lineWidth: width)
      return canvas.image.pixels.elements(UInt8.self).reduce(0) { $0 + Double($1) } / 255
    }
    for width in [1.0, 2, 5] {
      for to in [Point(52, 32), Point(46, 46), Point(32, 55), Point(50, 20)] {
        let length = ((to.x - 32) * (to.x - 32) + (to.y - 32) * (to.y - 32)).squareRoot()
        let area = length * width + .pi * width * width / 4  // round ends
        #expect(abs(sum(Point(32, 32), to, width) - area) < 0.15 * area + 0.5)
      }
    }
  }

  @Test func discsAndCirclesHaveTheirArea() {
    func sum(_ draw: (inout Canvas) -> Void) -> Double {
      var canvas = Canvas(width: 64, height: 64, format: .grey16, background: .black)
      draw(&canvas)
      return canvas.image.pixels.elements(UInt16.self).reduce(0) { $0 + Double($1) } / 65535
    }
    for radius in [2.0, 7.5, 20] {
      let disc = sum { $0.disc(Point(31.3, 32.8), radius: radius, .white) }
      #expect(abs(disc - .pi * radius * radius) < 0.02 * disc + 0.3)
      let circle = sum { $0.circle(Point(31.3, 32.8), radius: radius, .white, lineWidth: 2) }
      #expect(abs(circle - 4 * .pi * radius) < 0.03 * circle)
    }
  }

  @Test func shapesThatAreNowhereDrawNothing() {
    let nothing = Self.drawn { _ in }
    let numbers = [Double.nan, .infinity, -.infinity, 1e300, -1e300]
    for a in numbers {
      #expect(Self.drawn { $0.disc(Point(a, 3), radius: 2, .white) } == nothing)
      #expect(Self.drawn { $0.fill(x: a, y: 0, width: 3, height: 3, .white) } == nothing)
      _ = Self.drawn { $0.box(x: 0, y: a, width: 3, height: a, .white) }
      _ = Self.drawn { $0.line(from: Point(a, a), to: Point(4, 4), .white) }
    }
    #expect(Self.drawn { $0.disc(Point(4, 3), radius: -1, .white) } == nothing)
    #expect(Self.drawn { $0.line(from: Point(50, 50), to: Point(60, 90), .white) } == nothing)
    #expect(Self.drawn { $0.plainLine(fromX: 0, fromY: 0, toX: .max, toY: 0, .white) } == nothing)
  }
}
