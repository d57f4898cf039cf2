import Language
import Testing

@testable import Models

@Suite struct XMLTreeTests {
  func parse(_ text: String) throws -> XMLTree {
    try Array(text.utf8).withUnsafeBytes { bytes in try XMLTree.parse(bytes, path: "a.xml") }
  }

  func message(_ text: String) -> String {
    do {
      _ = try parse(text)
      return "no fault"
    } catch let fault as Fault { return fault.message } catch { return "\(error)" }
  }

  @Test func `elements, attributes and text`() throws {
    let root = try parse("<?xml version=\"1.0\"?>\n<a x='1'>\n <!-- no --> 1 2.5\n<b>é</b> -3<b/></a>")
    #expect(root.name == "a" && root.attributes == ["x": "1"] && root.line == 2)
    #expect(root.children.map(\.name) == ["b", "b"] && root.child("b")?.text == "é")
    #expect(root.numbers == [1, 2.5, -3] && root.children[0].numbers == nil)
  }

  @Test func `what is not well-formed is refused by its line`() {
    #expect(message("<a>\n<b>\n</a>") == "a.xml is not a valid XML file: line 3: mismatched tag")
    #expect(message("") == "a.xml is not a valid XML file: line 1: no element found")
    #expect(message("no") == "a.xml is not a valid XML file: line 1: syntax error")
  }

  @Test func `document types, and entities with them, are refused`() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"xx\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
    #expect(message(bomb) == "a.xml is not a valid XML file: line 1: it has a document type")
  }

  @Test func `depth is bounded`() {
    let deep = String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
    #expect(message(deep) == "a.xml is not a valid XML file: line 1: elements stand more than 64 deep")
  }
}
