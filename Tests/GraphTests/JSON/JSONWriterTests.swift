import Testing

@testable import Graph

@Suite struct JSONWriterTests {
  static func parse(_ text: String) throws -> JSONValue { try JSON.parse(Array(text.utf8), file: "f") }

  @Test func compactKeepsOrderAndNumbersAndEscapesWhatMustBe() throws {
    let value = try Self.parse(#" { "b" : [ 1.50 , null , true ] , "a" : "\u00e9\/\"\\\n\u0001\u007f" , "c":{} } "#)
    #expect(JSON.compact(value) == #"{"b":[1.50,null,true],"a":"é/\"\\\n\u0001"# + "\u{7f}" + #"","c":{}}"#)
  }

  @Test func whatFitsStandsOnOneLine() throws {
    let value = try Self.parse(#"{"a":[1,2],"b":{"c":[]}}"#)
    #expect(JSON.pretty(value) == "{ \"a\": [1, 2], \"b\": { \"c\": [] } }\n")
    // 33 columns with its closing brace.
    #expect(JSON.pretty(value, width: 33) == "{ \"a\": [1, 2], \"b\": { \"c\": [] } }\n")
    #expect(JSON.pretty(value, width: 32) == "{\n  \"a\": [1, 2],\n  \"b\": { \"c\": [] }\n}\n")
  }

  @Test func aCommaCountsIntoTheWidth() throws {
    let value = try Self.parse(#"{"a":[1,2],"b":3}"#)
    #expect(JSON.pretty(value, width: 14) == "{\n  \"a\": [1, 2],\n  \"b\": 3\n}\n")
    #expect(JSON.pretty(value, width: 13) == "{\n  \"a\": [\n    1, 2\n  ],\n  \"b\": 3\n}\n")
  }

  @Test func listsOfPlainValuesFillTheirLines() throws {
    let value = try Self.parse("[" + (10..<30).map(String.init).joined(separator: ",") + "]")
    #expect(
      JSON.pretty(value, width: 30) == """
        [
          10, 11, 12, 13, 14, 15, 16,
          17, 18, 19, 20, 21, 22, 23,
          24, 25, 26, 27, 28, 29
        ]

        """)
  }

  @Test func namedContainersAreAlwaysBroken() throws {
    let value = try Self.parse(#"{"a":{"b":1},"c":{"d":2}}"#)
    let text = JSON.pretty(value) { $0.isEmpty || $0 == ["a"] }
    #expect(text == "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": { \"d\": 2 }\n}\n")
  }
}
