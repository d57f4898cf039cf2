import Language
import Testing

@Suite struct RenameTests {
  @Test func exactNamesWinOverPatternsAndLongPatternsOverShort() throws {
    let rename = try Rename([
      "conv1.weight": "first", "conv*.weight": "c*.w", "*.weight": "*.w", "*": "all.*", "conv2*": "second",
    ])
    #expect(rename("conv1.weight") == "first")
    #expect(rename("conv12.weight") == "c12.w")
    #expect(rename("conv.weight") == "c.w")
    #expect(rename("fc.weight") == "fc.w")
    #expect(rename("bias") == "all.bias")
    #expect(rename("conv2") == "second")
  }

  @Test func starsMayMatchNothingButNeverOverlap() throws {
    let rename = try Rename(["ab*ba": "x*"])
    #expect(rename("abba") == "x")
    #expect(rename("aba") == "aba")
    #expect(rename("ab-ba") == "x-")
  }

  @Test func namesThatNothingMatchesStay() { #expect(Rename.none("a.b") == "a.b") }

  @Test(arguments: [["a*b*": "c"], ["a": "b*"], ["a*": "**"]])
  func tooManyStarsAreRefused(table: [String: String]) {
    #expect(throws: Fault.self) { try Rename(table, for: "f") }
  }
}
