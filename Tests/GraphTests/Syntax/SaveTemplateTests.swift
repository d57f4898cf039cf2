import Language
import Testing

@testable import Graph

@Suite struct SaveTemplateTests {
  static let values: [String: Literal] = [
    "photo.stem": .string("cat"), "index": .int(7), "evil": .string("../a/b\n\u{7f}%"), "up": .string(".."),
    "none": .string(""), "low": .int(-7), "rate": .float(0.5), "list": .array([]), "on": .bool(true),
  ]

  /// The path, or the text of the fault.
  static func path(_ text: String) -> String {
    do throws(Fault) {
      let template = try SaveTemplate.parse(text, columns: StringColumns(opening: Place(file: "f", line: 1, column: 1)))
      return try template.path { values[$0.joined(separator: ".")] }
    } catch { return error.text }
  }

  @Test(arguments: [
    ("{photo.stem}/{index:03}.png", "cat/007.png"), ("a.png", "a.png"), ("{{x}}-{index}.json", "{x}-7.json"),
    ("{low:03}", "-007"), ("{index:01}", "7"), ("{rate}-{on}", "0.5-true"), ("{evil}.png", "..%2Fa%2Fb%0A%7F%.png"),
    ("a\tb/c", "a%09b/c"), ("{photo.stem}{index}", "cat7"), ("..{photo.stem}", "..cat"), ("é/{photo.stem}", "é/cat"),
  ])
  func fieldsAreFilledIn(_ text: String, _ path: String) { #expect(Self.path(text) == path) }

  @Test(arguments: [
    ("{up}/a", #"f:1:1: error[template]: the path "../a" has a part ".."; outputs stay below the output folder"#),
    ("a/{up}", #"f:1:1: error[template]: the path "a/.." has a part ".."; outputs stay below the output folder"#),
    (".{none}./a", #"f:1:1: error[template]: the path "../a" has a part ".."; outputs stay below the output folder"#),
    ("{none}", "f:1:1: error[template]: the path is empty"),
    ("{none}/a", #"f:1:1: error[template]: the path "/a" starts with "/"; outputs stay below the output folder"#),
    ("a/{none}/b", #"f:1:1: error[template]: the path "a//b" has an empty part"#),
    ("./a", #"f:1:1: error[template]: the path "./a" has a part "."; outputs stay below the output folder"#),
    ("a/{nothing}", "f:1:4: error[template]: there is no field {nothing}"),
    ("{photo.stem:03}", "f:1:2: error[template]: {photo.stem} is a string; only an integer is padded with zeros"),
    ("{list}", "f:1:2: error[template]: {list} is a list, which cannot stand in a path"),
    ("{a", #"f:1:2: error[template]: "{" is not closed; a brace itself is written "{{""#),
    ("a}", #"f:1:3: error[template]: "}" closes nothing; a brace itself is written "}}""#),
    ("{a..b}", #"f:1:2: error[template]: expected a field like {photo.stem} or {index:03}, found "{a..b}""#),
    ("{index:099}", #"f:1:2: error[template]: expected a number of digits like 03 after ":", found "099""#),
  ])
  func refuses(_ text: String, _ message: String) { #expect(Self.path(text) == message) }

  @Test func fieldsAreListed() throws {
    let columns = StringColumns(opening: Place(file: "f", line: 1, column: 5))
    let template = try SaveTemplate.parse("{photo.stem}/{index:03}.png", columns: columns)
    #expect(template.fields.map(\.path) == [["photo", "stem"], ["index"]])
    #expect(template.fields.map(\.digits) == [nil, 3] && template.fields.map(\.place.column) == [6, 19])
  }
}
