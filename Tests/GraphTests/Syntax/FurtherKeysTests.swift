import Testing

@testable import Graph

@Suite struct FurtherKeysTests {
  private func node(_ keys: String) throws -> NodeDeclaration {
    let text = #"{"format": 1, "nodes": {"n": {\#(keys)}}, "outputs": {"y": "n"}}"#
    let (file, faults) = GraphFile.parse(bytes: Array(text.utf8), file: "g")
    #expect(faults.isEmpty)
    return try #require(file?.main.nodes.first)
  }

  @Test func aNodeWithoutThemHasTheirDefaults() throws {
    let node = try node(#""op": "a.b", "in": {"x": "@p"}, "with": {"k": 1}, "doc": "d""#)
    #expect(node.inputs.count == 1 && node.settings.count == 1 && node.doc == "d")
    #expect(node.settingsPlace.map { "\($0)" } == "g:1:63")
    #expect(node.each.isEmpty && node.wrt.isEmpty && node.state.isEmpty && node.expect.isEmpty)
    #expect(node.body == nil && node.taps == nil && node.until == nil && node.loss == nil && node.handsOn == nil)
    #expect(node.policy == FlatGraph.Policy() && node.keyPlaces["op"] == nil)
  }

  @Test func oneOfThemIsEnough() throws {
    let kept = try node(#""op": "a.b", "cache": "keep""#)
    #expect(kept.policy.cache == .keep && kept.keyPlaces["cache"] != nil && kept.keyPlaces["op"] != nil)
    let handing = try node(#""op": "a.json", "with": {"*": "same"}"#)
    #expect(handing.handsOn?.value == .same && handing.settings.isEmpty)
    let mapped = try node(#""op": "a.b", "each": {"x": "@p"}, "on_error": "skip""#)
    #expect(mapped.each.map(\.port) == ["x"] && mapped.policy.onError == .skip)
  }
}
