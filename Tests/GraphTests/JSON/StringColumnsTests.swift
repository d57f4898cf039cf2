import Language
import Testing

@testable import Graph

@Suite struct StringColumnsTests {
  /// The columns of the scalars of the only string in `file`, and of its closing quote.
  static func columns(_ file: String) throws -> [Int] {
    let bytes = Array(file.utf8)
    let value = try JSON.parse(bytes, file: "f")
    let columns = StringColumns(opening: value.place, range: value.range, in: bytes)
    return (0...value.text!.unicodeScalars.count).map { columns.place(of: $0).column }
  }

  @Test func withoutEscapesColumnsCountScalars() throws {
    #expect(try Self.columns("  \"aé😀b\"") == [4, 5, 6, 7, 8])
  }

  @Test func escapesTakeTheColumnsTheyAreWrittenIn() throws {
    #expect(try Self.columns(#""a\"b\u00e9c\uD83D\ude00d""#) == [2, 3, 5, 6, 12, 13, 25, 26])
    #expect(try Self.columns(#""\ud7ffx""#) == [2, 8, 9])
  }

  @Test func theEndIsWhereLongerIndicesPoint() throws {
    let bytes = Array(#""\n""#.utf8)
    let columns = StringColumns(opening: Place(file: "f", line: 1, column: 1), range: 0..<4, in: bytes)
    #expect(columns.place(of: 9).column == 4)
  }
}
