import Language
import Testing

@testable import Graph

@Suite struct ReferenceTests {
  static let place = Place(file: "f", line: 1, column: 1)

  @Test func theThreeFormsAreToldApart() throws {
    let node = try #require(Reference("load", at: Self.place))
    #expect(node.name == "load" && node.port == nil && !node.isInput)
    let port = try #require(Reference("net.relu4_2", at: Self.place))
    #expect(port.name == "net" && port.port == "relu4_2" && !port.isInput)
    let input = try #require(Reference("@photo", at: Self.place))
    #expect(input.name == "photo" && input.port == nil && input.isInput)
  }

  @Test func thePortIsEverythingAfterTheFirstDotVerbatim() throws {
    let reference = try #require(Reference("net.Conv_12/out.0:x y", at: Self.place))
    #expect(reference.name == "net" && reference.port == "Conv_12/out.0:x y")
  }

  @Test(arguments: ["a", "a_1.b.c", "@x"]) func textIsWhatWasWritten(_ text: String) {
    #expect(Reference(text, at: Self.place)?.text == text)
  }

  @Test(arguments: ["", "A", "1a", "a-b", "a.", ".a", "@", "@A", "@a.b", " a", "a ", "é", "_a"])
  func otherTextsAreNone(_ text: String) {
    #expect(Reference(text, at: Self.place) == nil)
  }
}
