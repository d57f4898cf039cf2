/// The built-in bitmap font: printable ASCII in cells of 6 × 10 pixels (glyphs 5 wide, 7 above the base line, 2 below).
public enum Font {
  public static let cellWidth = 6
  public static let cellHeight = 10

  /// Pixels across and down that `text` takes at a whole-number scale; lines are separated by newlines.
  public static func size(of text: String, scale: Int = 1) -> (width: Int, height: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return ((lines.map(\.count).max() ?? 0) * cellWidth * scale, lines.count * cellHeight * scale)
  }

  /// The rows of a glyph from the top, bit 4 leftmost. A character without a glyph is shown as a frame.
  static func rows(_ character: Character) -> [UInt8] {
    guard let code = character.asciiValue, (32...126).contains(code) else { return [31, 17, 17, 17, 17, 17, 31] }
    return glyphs[Int(code) - 32]
  }

  private static let glyphs: [[UInt8]] = shapes.map { shape in
    shape.split(separator: " ").map { UInt8($0, radix: 16)! }
  }

  /// One glyph a line, from space to tilde; rows in hexadecimal, missing rows are empty.
  private static let shapes: [String] = [
    "",  // space
    "04 04 04 04 04 00 04",  // !
    "0A 0A 0A",  // "
    "0A 0A 1F 0A 1F 0A 0A",  // #
    "04 0F 14 0E 05 1E 04",  // $
    "18 19 02 04 08 13 03",  // %
    "0C 12 14 08 15 12 0D",  // &
    "04 04 08",  // '
    "02 04 08 08 08 04 02",  // (
    "08 04 02 02 02 04 08",  // )
    "00 04 15 0E 15 04 00",  // *
    "00 04 04 1F 04 04 00",  // +
    "00 00 00 00 00 0C 0C 04 08",  // ,
    "00 00 00 1F",  // -
    "00 00 00 00 00 0C 0C",  // .
    "00 01 02 04 08 10 00",  // /
    "0E 11 13 15 19 11 0E",  // 0
    "04 0C 04 04 04 04 0E",  // 1
    "0E 11 01 06 08 10 1F",  // 2
    "0E 11 01 06 01 11 0E",  // 3
    "02 06 0A 12 1F 02 02",  // 4
    "1F 10 1E 01 01 11 0E",  // 5
    "06 08 10 1E 11 11 0E",  // 6
    "1F 01 02 04 08 08 08",  // 7
    "0E 11 11 0E 11 11 0E",  // 8
    "0E 11 11 0F 01 02 0C",  // 9
    "00 0C 0C 00 0C 0C 00",  // :
    "00 0C 0C 00 0C 0C 04 08",  // ;
    "02 04 08 10 08 04 02",  // <
    "00 00 1F 00 1F 00 00",  // =
    "08 04 02 01 02 04 08",  // >
    "0E 11 01 02 04 00 04",  // ?
    "0E 11 17 15 17 10 0E",  // @
    "0E 11 11 1F 11 11 11",  // A
    "1E 11 11 1E 11 11 1E",  // B
    "0E 11 10 10 10 11 0E",  // C
    "1C 12 11 11 11 12 1C",  // D
    "1F 10 10 1E 10 10 1F",  // E
    "1F 10 10 1E 10 10 10",  // F
    "0E 11 10 17 11 11 0F",  // G
    "11 11 11 1F 11 11 11",  // H
    "0E 04 04 04 04 04 0E",  // I
    "07 02 02 02 02 12 0C",  // J
    "11 12 14 18 14 12 11",  // K
    "10 10 10 10 10 10 1F",  // L
    "11 1B 15 15 11 11 11",  // M
    "11 11 19 15 13 11 11",  // N
    "0E 11 11 11 11 11 0E",  // O
    "1E 11 11 1E 10 10 10",  // P
    "0E 11 11 11 15 12 0D",  // Q
    "1E 11 11 1E 14 12 11",  // R
    "0F 10 10 0E 01 01 1E",  // S
    "1F 04 04 04 04 04 04",  // T
    "11 11 11 11 11 11 0E",  // U
    "11 11 11 11 11 0A 04",  // V
    "11 11 11 15 15 15 0A",  // W
    "11 11 0A 04 0A 11 11",  // X
    "11 11 0A 04 04 04 04",  // Y
    "1F 01 02 04 08 10 1F",  // Z
    "0E 08 08 08 08 08 0E",  // [
    "00 10 08 04 02 01 00",  // \
    "0E 02 02 02 02 02 0E",  // ]
    "04 0A 11",  // ^
    "00 00 00 00 00 00 00 1F",  // _
    "08 04 02",  // `
    "00 00 0E 01 0F 11 0F",  // a
    "10 10 1E 11 11 11 1E",  // b
    "00 00 0E 11 10 11 0E",  // c
    "01 01 0F 11 11 11 0F",  // d
    "00 00 0E 11 1F 10 0E",  // e
    "06 09 08 1C 08 08 08",  // f
    "00 00 0F 11 11 11 0F 01 0E",  // g
    "10 10 16 19 11 11 11",  // h
    "04 00 0C 04 04 04 0E",  // i
    "02 00 06 02 02 02 02 12 0C",  // j
    "10 10 12 14 18 14 12",  // k
    "0C 04 04 04 04 04 0E",  // l
    "00 00 1A 15 15 15 15",  // m
    "00 00 16 19 11 11 11",  // n
    "00 00 0E 11 11 11 0E",  // o
    "00 00 1E 11 11 11 1E 10 10",  // p
    "00 00 0F 11 11 11 0F 01 01",  // q
    "00 00 16 19 10 10 10",  // r
    "00 00 0F 10 0E 01 1E",  // s
    "08 08 1C 08 08 09 06",  // t
    "00 00 11 11 11 13 0D",  // u
    "00 00 11 11 11 0A 04",  // v
    "00 00 11 11 15 15 0A",  // w
    "00 00 11 0A 04 0A 11",  // x
    "00 00 11 11 11 11 0F 01 0E",  // y
    "00 00 1F 02 04 08 1F",  // z
    "02 04 04 08 04 04 02",  // {
    "04 04 04 04 04 04 04",  // |
    "08 04 04 02 04 04 08",  // }
    "00 00 08 15 02 00 00",  // ~
  ]
}

extension Canvas {
  /// Writes text with its top left corner at pixel (x, y), each font pixel `scale` pixels wide and high. A background
  /// is filled behind the text's cells, one font pixel wider on every side.
  public mutating func text(
    _ text: String, x: Int, y: Int, _ colour: Colour, scale: Int = 1, background: Colour? = nil
  ) {
    guard scale > 0 else { return }
    if let background {
      let size = Font.size(of: text, scale: scale)
      fill(
        x: Double(x - scale), y: Double(y - scale), width: Double(size.width + scale),
        height: Double(size.height + scale), background)
    }
    let paint = paint(colour)
    for (line, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for (column, character) in content.enumerated() {
        let (left, top) = (x + column * Font.cellWidth * scale, y + line * Font.cellHeight * scale)
        guard left < width, left + 5 * scale > 0 else { continue }
        for (row, bits) in Font.rows(character).enumerated() {
          for bit in 0..<5 where bits >> (4 - UInt8(bit)) & 1 == 1 {
            for dy in 0..<scale {
              for dx in 0..<scale { blend(left + bit * scale + dx, top + row * scale + dy, paint) }
            }
          }
        }
      }
    }
  }
}
