import Testing

@testable import Language

@Suite struct SuggestionTests {
  @Test func findsNeighboursAndRefusesStrangers() {
    let ops = ["image.load", "image.resize", "nn.conv2d"]
    #expect(Suggestion.nearest(to: "image.laod", in: ops) == "image.load")
    #expect(Suggestion.phrase(for: "nn.conv", in: ops) == " (did you mean \"nn.conv2d\"?)")
    #expect(Suggestion.nearest(to: "zebra", in: ops) == nil)
  }

  @Test func distanceCountsASwapAsOne() {
    #expect(Suggestion.editDistance(Array("ab".utf8), Array("ba".utf8)) == 1)
    #expect(Suggestion.editDistance([], Array("abc".utf8)) == 3)
  }
}
