import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct PageTests {
  @Test func `a picture per name, nothing read as markup`() throws {
    let text = try run(
      Page.op, ["names": .list([.string("relu1"), .string("a<b")]), "notes": .list([.string("x & y")])],
      ["title": "T"])[0].text!
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("<h1>T</h1>"))
    #expect(text.contains("src=\"001.png\"") && text.contains("a&lt;b") && text.contains("x &amp; y"))
    #expect(!text.contains("a<b"))
  }
}
