import Language
import TestSupport
import Testing

@testable import Models

@Suite struct JSONLiteralTests {
  @Test func `values keep their kind`() throws {
    #expect(
      try JSONLiteral.parse(#" {"a": [1, 1.0, -2e3, true, null], "b\u00e9\n": "\ud83d\ude00"} "#)
        == .object(["a": [1, 1.0, -2000.0, true, .null], "bé\n": "😀"]))
    #expect(try JSONLiteral.parse("[]") == .array([]))
  }

  @Test(arguments: [
    "", "[1,", "[1 2]", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "nan", "+1", "\"x", "1 2", "{1:2}", "\"\\q\"",
  ])
  func `what is no JSON is refused`(_ text: String) {
    #expect(message { _ = try JSONLiteral.parse(text) }.hasPrefix("bad JSON: "))
  }

  @Test func `nesting is bounded`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(message { _ = try JSONLiteral.parse(deep) } == "bad JSON: it is nested too deeply at letter 65")
  }
}
