import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct TextTests {
  @Test func `the text comes out as it is`() throws {
    #expect(try run(Text.op, [:], ["text": "85 % of 150 pairs"])[0].text == "85 % of 150 pairs")
    #expect(try infer(Text.op, [:], ["text": ""]) == ["string"])
    #expect(message { _ = try run(Text.op) }.contains("\"text\""))
  }
}
