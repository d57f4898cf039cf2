import Language
import Testing

@testable import Graph

@Suite struct JSONReaderTests {
  static func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

  static func fault(_ bytes: [UInt8]) -> String? {
    do throws(Fault) {
      _ = try JSON.parse(bytes, file: "f")
      return nil
    } catch { return error.text }
  }

  @Test func membersAreHandedOnOnlyFromWhereTheyAreAskedFor() throws {
    let text = #"{"a": {"n": {"in": 1}}, "n": {"x": 1, "y": {"n": 2}, "x": 3}, "n": {"z": 4}, "b": 5}"#
    var handed: [JSONMember] = []
    let (value, faults) = withoutActuallyEscaping({ (member: JSONMember) in handed.append(member) }) { take in
      JSON.read(Array(text.utf8), file: "f", handing: HandedMembers(key: "n", take: take))
    }
    let whole = JSON.read(Array(text.utf8), file: "f")
    let members = try #require(whole.0?["n"]?.members)
    #expect(handed.map(\.key) == ["x", "y"] && handed.map(\.value) == members.map(\.value))
    #expect(handed.map { "\($0.keyPlace)" } == members.map { "\($0.keyPlace)" })
    // The first of several keys counts, inside and outside.
    #expect(faults.map(\.text) == whole.1.map(\.text) && faults.count == 2)
    #expect(value?["n"]?.members?.isEmpty == true && value?["a"] == whole.0?["a"] && value?["b"] == whole.0?["b"])
  }

  @Test func everyKeyAndValueKnowsItsPlaceAndItsBytes() throws {
    let text = "{ \"é\": [1,\n  \"ü\\u00fc\", {\"a\": null}],\r\n\t\"b\": true }\n"
    let root = try JSON.parse(Array(text.utf8), file: "f")
    let members = try #require(root.members)
    #expect(members.map(\.key) == ["é", "b"])
    #expect(members.map { "\($0.keyPlace) \($0.value.place)" } == ["f:1:3 f:1:8", "f:3:2 f:3:7"])
    let elements = try #require(members[0].value.elements)
    #expect(elements.map { "\($0.place)" } == ["f:1:9", "f:2:3", "f:2:14"])
    #expect(elements[1].text == "üü")
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[elements[1].range], as: UTF8.self) == "\"ü\\u00fc\"")
    #expect(String(decoding: bytes[members[0].keyRange], as: UTF8.self) == "\"é\"")
    #expect(root.range == 0..<bytes.count - 1)
  }

  @Test func numbersKeepTheirTextAndTheirKind() throws {
    let root = try JSON.parse(Array("[0, -0, 12, 1e4, -1.50E-2, 9223372036854775807]".utf8), file: "f")
    let numbers = try #require(root.elements).map { value -> JSONNumber? in
      if case .number(let number) = value.kind { number } else { nil }
    }
    #expect(numbers.map { $0?.text } == ["0", "-0", "12", "1e4", "-1.50E-2", "9223372036854775807"])
    #expect(numbers.map { $0?.int } == [0, 0, 12, nil, nil, Int.max])
    #expect(numbers.map { $0?.double } == [0, -0.0, 12, 10000, -0.015, 0x1p63])
  }

  @Test func escapesAreDecoded() throws {
    let root = try JSON.parse(Array(#""\"\\\/\b\f\n\r\t\u0041\ud83d\uDE00\u0000""#.utf8), file: "f")
    #expect(root.text == "\"\\/\u{8}\u{c}\n\r\tA😀\0")
  }

  @Test(arguments: [
    ("", #"f:1:1: error[syntax]: expected a value, found the end of the file"#),
    ("{", #"f:1:2: error[syntax]: expected a key in quotes, found the end of the file"#),
    ("{a: 1}", #"f:1:2: error[syntax]: expected a key in quotes, found "a""#),
    ("{\"a\" 1}", #"f:1:6: error[syntax]: expected ":" after the key "a", found "1""#),
    ("{\"a\": }", #"f:1:7: error[syntax]: expected a value, found "}""#),
    ("{\"a\": 1 \"b\": 2}", #"f:1:9: error[syntax]: expected "," or "}", found a string"#),
    ("[1, 2\n", #"f:2:1: error[syntax]: expected "," or "]", found the end of the file"#),
    ("[1,]", #"f:1:3: error[syntax]: a comma before "]" is not allowed"#),
    ("{\"a\": 1,\n}", #"f:1:8: error[syntax]: a comma before "}" is not allowed"#),
    ("[1] x", #"f:1:5: error[syntax]: expected the end of the file, found "x""#),
    ("// hello", #"f:1:1: error[syntax]: comments are not allowed; write a "doc" key instead"#),
    ("[1, /* x */ 2]", #"f:1:5: error[syntax]: comments are not allowed; write a "doc" key instead"#),
    ("[NaN]", #"f:1:2: error[syntax]: expected a value, found "NaN""#),
    ("[-Infinity]", #"f:1:3: error[syntax]: expected a digit after "-", found "Infinity""#),
    ("[truely]", #"f:1:2: error[syntax]: expected a value, found "truely""#),
    ("[True]", #"f:1:2: error[syntax]: expected a value, found "True""#),
    ("['a']", #"f:1:2: error[syntax]: expected a value, found "'""#),
    ("[01]", #"f:1:2: error[syntax]: the number 01 starts with a zero"#),
    ("[-00.5]", #"f:1:2: error[syntax]: the number -00 starts with a zero"#),
    ("[1.]", #"f:1:4: error[syntax]: expected a digit after "1.", found "]""#),
    ("[.5]", #"f:1:2: error[syntax]: expected a value, found ".""#),
    ("[+1]", #"f:1:2: error[syntax]: expected a value, found "+""#),
    ("[1e]", #"f:1:4: error[syntax]: expected a digit after "1e", found "]""#),
    ("[0x10]", #"f:1:3: error[syntax]: expected "," or "]", found "x10""#),
    ("[1e309]", #"f:1:2: error[syntax]: the number 1e309 is too large"#),
    (
      "9223372036854775808",
      #"f:1:1: error[syntax]: the integer 9223372036854775808 does not fit 64 bits; a float is written with a fraction"#
    ),
    ("[\"ab", #"f:1:2: error[syntax]: the string does not end on its line"#),
    ("[\"ab\n\"]", #"f:1:2: error[syntax]: the string does not end on its line"#),
    ("[\"a\tb\"]", #"f:1:4: error[syntax]: a control character (0x09) stands in a string; write \t"#),
    ("[\"a\u{1f}b\"]", #"f:1:4: error[syntax]: a control character (0x1f) stands in a string; write \u001f"#),
    ("[\u{1}]", #"f:1:2: error[syntax]: expected a value, found a control character (0x01)"#),
    (#"["é\x"]"#, #"f:1:4: error[syntax]: expected one of " \ / b f n r t u after a backslash, found "x""#),
    (#"["\u12g4"]"#, #"f:1:7: error[syntax]: expected four hexadecimal digits after "\u", found "g4""#),
    (#"["a\ud800"]"#, #"f:1:4: error[syntax]: "\ud800" is half of a surrogate pair without the other"#),
    (#"["\udc00\ud800"]"#, #"f:1:3: error[syntax]: "\udc00" is half of a surrogate pair without the other"#),
    (#"["\ud800\u0041"]"#, #"f:1:3: error[syntax]: "\ud800" is half of a surrogate pair without the other"#),
    ("\u{feff}{}", #"f:1:1: error[syntax]: the file starts with a byte order mark; save it as UTF-8 without one"#),
    ("[é]", #"f:1:2: error[syntax]: expected a value, found "é""#),
    (
      "{\"a\": 1,\n \"b\": 2, \"\\u0061\": 3}",
      "f:2:10: error[duplicate-key]: duplicate key \"a\"\n   first given at   f:1:2"
    ),
  ])
  func refusesWithPositionWhatWasExpectedAndWhatWasFound(_ text: String, _ message: String) {
    #expect(Self.fault(text) == message)
  }

  @Test(
    arguments: [
      [0xff], [0xc0, 0x80], [0xc3], [0xe0, 0x9f, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
      [0xf8, 0x88, 0x80, 0x80], [0x80], [0xf0, 0x9f, 0x98],
    ] as [[UInt8]])
  func refusesBadUTF8(_ bad: [UInt8]) {
    let byte = Fault.hexadecimal(bad[0])
    #expect(
      Self.fault(Array("[\"é".utf8) + bad + Array("\"]".utf8))
        == "f:1:4: error[syntax]: a byte that is not UTF-8 (\(byte)) stands in a string")
    #expect(
      Self.fault(Array("[".utf8) + bad)
        == "f:1:2: error[syntax]: expected a value, found a byte that is not UTF-8 (\(byte))")
  }

  @Test func nestingIsBounded() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(Self.fault(nested(128)) == nil)
    #expect(Self.fault(nested(129)) == "f:1:129: error[syntax]: arrays and objects are nested more than 128 deep")
    #expect(Self.fault(String(repeating: "{\"a\":", count: 1_000_000))?.contains("more than 128 deep") == true)
  }

  @Test func sizeIsBounded() {
    let bytes = [UInt8](repeating: UInt8(ascii: " "), count: JSON.maximumSize + 1)
    #expect(Self.fault(bytes) == "f:1:1: error[syntax]: the file has 67108865 bytes; at most 67108864 are read")
  }

  @Test func readingGoesOnAfterDuplicateKeys() throws {
    let (value, faults) = JSON.read(Array(#"{"a": 1, "a": 2, "b": {"c": 3, "c": 4}, "a": 5}"#.utf8), file: "f")
    #expect(faults.map { $0.place?.column } == [10, 32, 41])
    #expect(value.map(JSON.compact) == #"{"a":1,"b":{"c":3}}"#)
  }

  /// Places, keys and texts are found in one pass: a line of a million entries takes no longer than many short lines.
  @Test(.timeLimit(.minutes(1))) func oneLongLineTakesLinearTime() throws {
    let text = "[" + Array(repeating: "\"é\"", count: 300_000).joined(separator: ",") + "]"
    let root = try JSON.parse(Array(text.utf8), file: "f")
    #expect(root.elements?.last?.place.column == 300_000 * 4 - 2)
  }
}
