import Graph
import Language
import TestSupport
import Testing

@Suite struct GraphDifferenceTests {
  private static func graph(_ nodes: String, outputs: String = #""y": "b""#, more: String = "") -> FlatGraph {
    let checked = Checked(nodes: nodes, outputs: outputs, more: more)
    #expect(checked.text == "")
    return checked.graph
  }

  private static let base = #"""
    "a": {"op": "t.relu", "in": {"x": "@x"}},
    "b": {"op": "t.scale", "in": {"x": "a"}, "with": {"by": 2}}
    """#

  private static func lines(_ nodes: String, outputs: String = #""y": "b""#) -> [String] {
    GraphDifference(from: graph(base), to: graph(nodes, outputs: outputs)).entries.map(\.text)
  }

  @Test func orderAndDocumentationAreNoDifference() {
    let swapped = #"""
      "b": {"doc": "twice", "with": {"by": 2}, "in": {"x": "a"}, "op": "t.scale"},
      "a": {"in": {"x": "@x"}, "op": "t.relu"}
      """#
    #expect(Self.lines(swapped) == [])
  }

  @Test func paramsWiresAndNodesAreNamed() {
    #expect(
      Self.lines(
        #"""
        "a": {"op": "t.relu", "in": {"x": "@x"}},
        "b": {"op": "t.scale", "in": {"x": "@x"}, "with": {"by": 3}},
        "c": {"op": "t.relu", "in": {"x": "b"}}
        """#, outputs: #""y": "c", "z": "a""#) == [
          "~ node b: param by: 2.0 → 3.0", "~ node b: in x: a → @x", "+ node c: t.relu",
          "~ output y: from b → from c", "+ output z: from a",
        ])
  }

  @Test func aRenamedNodeIsTheSame() {
    let difference = GraphDifference(
      from: Self.graph(Self.base),
      to: Self.graph(
        #"""
        "first": {"op": "t.relu", "in": {"x": "@x"}},
        "b": {"op": "t.scale", "in": {"x": "first"}, "with": {"by": 2}}
        """#))
    #expect(difference.entries.map(\.text) == ["= node a: is called first"])
    #expect(!difference.isReal)
  }
}
