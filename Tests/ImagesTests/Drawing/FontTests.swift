import Tensors
import Testing

@testable import Images

@Suite struct FontTests {
  static let printable = (32...126).map { Character(Unicode.Scalar(UInt8($0))) }

  @Test func everyPrintableCharacterHasItsOwnGlyphInTheCell() {
    let glyphs = Self.printable.map { Font.rows($0) }
    #expect(Set(glyphs).count == 95)
    #expect(glyphs.allSatisfy { $0.count <= 9 && $0.allSatisfy { $0 < 32 } })
    #expect(glyphs.filter { $0.allSatisfy { $0 == 0 } }.count == 1)  // the space
    #expect(!glyphs.contains(Font.rows("é")))
  }

  @Test func sizeCountsLinesAndScale() {
    #expect(Font.size(of: "ab") == (12, 10))
    #expect(Font.size(of: "ab\nabc\n", scale: 2) == (36, 60))
    #expect(Font.size(of: "") == (0, 10))
  }

  @Test func textIsDrawnPixelByPixel() {
    func drawn(_ scale: Int) -> [[Bool]] {
      var canvas = Canvas(width: 6 * scale, height: 10 * scale, format: .grey8, background: .black)
      canvas.text("T", x: 0, y: 0, .white, scale: scale)
      let samples = canvas.image.pixels.elements(UInt8.self)
      return (0..<10).map { y in (0..<6).map { x in samples[(y * scale * 6 + x) * scale] == 255 } }
    }
    let expected = ["#####.", "..#...", "..#...", "..#...", "..#...", "..#...", "..#...", "......", "......", "......"]
    #expect(drawn(1) == expected.map { $0.map { $0 == "#" } })
    #expect(drawn(3) == drawn(1))
  }

  @Test func textOutsideIsCutAndABackgroundIsFilled() {
    var canvas = Canvas(width: 10, height: 6, format: .grey8, background: .black)
    canvas.text("WWWW", x: -8, y: -4, .white, scale: 2)
    canvas.text("W", x: 400, y: 0, .white)
    canvas.text("", x: 0, y: 0, .white, scale: 0)
    #expect(canvas.image.pixels.elements(UInt8.self).contains(255))
    canvas.text("   ", x: 0, y: 0, .black, background: .white)
    #expect(canvas.image.pixels.elements(UInt8.self).allSatisfy { $0 == 255 })
  }
}
