import Language
import Testing

@testable import Graph

@Suite struct ExpressionTests {
  static func fault(_ text: String) -> String? {
    do throws(Fault) {
      _ = try Expression.parse(text, columns: StringColumns(opening: Place(file: "f", line: 3, column: 10)))
      return nil
    } catch { return error.text }
  }

  @Test(arguments: [
    ("", "f:3:11: error[expression]: expected a value, found the end of the expression"),
    ("1 +", "f:3:14: error[expression]: expected a value, found the end of the expression"),
    ("1 2", #"f:3:13: error[expression]: expected an operator or the end of the expression, found "2""#),
    ("(1", #"f:3:13: error[expression]: expected ")", found the end of the expression"#),
    ("[1, 2", #"f:3:16: error[expression]: expected "," or "]", found the end of the expression"#),
    ("[1,]", #"f:3:14: error[expression]: expected a value, found "]""#),
    ("a ? 1", #"f:3:16: error[expression]: expected ":", found the end of the expression"#),
    ("a[1", #"f:3:14: error[expression]: expected "]", found the end of the expression"#),
    ("a = 1", #"f:3:13: error[expression]: unexpected "=" in an expression; equality is written "==""#),
    ("a & b", #"f:3:13: error[expression]: unexpected "&" in an expression; "and" is written "&&""#),
    ("a | b", #"f:3:13: error[expression]: unexpected "|" in an expression; "or" is written "||""#),
    ("a.", #"f:3:12: error[expression]: unexpected "." in an expression"#),
    ("é", #"f:3:11: error[expression]: unexpected "é" in an expression"#),
    ("'abc", "f:3:11: error[expression]: the string is not closed"),
    ("'abc\\", "f:3:11: error[expression]: the string is not closed"),
    ("max()", "f:3:11: error[expression]: max needs at least one number"),
    ("99999999999999999999", "f:3:11: error[expression]: the number 99999999999999999999 is too large"),
    ("1e999", "f:3:11: error[expression]: the number 1e999 is too large"),
    (
      "mim(1, 2)",
      "f:3:11: error[expression]: unknown function \"mim\" (did you mean \"min\"?)\n   functions: min, max"
    ),
  ])
  func refusesWithThePlaceOfTheToken(_ text: String, _ message: String) { #expect(Self.fault(text) == message) }

  @Test func lengthAndDepthAreBounded() {
    let limit = "f:3:10: error[expression]: the expression has more than 512 parts"
    #expect(Self.fault(String(repeating: "(", count: 1000)) == limit)
    #expect(Self.fault(Array(repeating: "1", count: 300).joined(separator: "+")) == limit)
    #expect(Self.fault(String(repeating: "(", count: 250) + "1" + String(repeating: ")", count: 250)) == nil)
    #expect(Self.fault(String(repeating: "!", count: 500) + "true") == nil)
  }

  @Test func namesComeInOrderOfUseWithTheirPlaces() throws {
    let columns = StringColumns(opening: Place(file: "f", line: 1, column: 1))
    let expression = try Expression.parse("b ? [a, b][c] : -max(d, !e && true)", columns: columns)
    #expect(expression.names.map(\.name) == ["b", "a", "c", "d", "e"])
    #expect(expression.names.map(\.place.column) == [2, 7, 13, 23, 27])
  }
}
