import Language
import TestSupport
import Testing

@testable import Graph

/// What a small or hostile file can ask for is bounded in depth, size and time.
@Suite struct CheckerLimitsTests {
  @Test func aChainOfAnyLengthIsCheckedInEitherOrder() {
    let links = (0..<20_000).map { #""n\#($0)": {"op": "t.relu", "in": {"x": "\#($0 == 0 ? "@x" : "n\($0 - 1)")"}}"# }
    for nodes in [links, links.reversed()] {
      let checked = Checked(nodes: nodes.joined(separator: ",\n"), outputs: #""y": "n19999""#)
      #expect(checked.text == "" && checked.graph.nodes.count == 20_000)
    }
  }

  @Test func aCircleOfAnyLengthIsReported() {
    let links = (0..<20_000).map { #""n\#($0)": {"op": "t.relu", "in": {"x": "n\#(($0 + 1) % 20_000)"}}"# }
    let checked = Checked(nodes: links.joined(separator: ",\n"), outputs: #""y": "n0""#)
    #expect(checked.result.faults.map(\.code) == ["cycle"])
  }

  @Test func twoThousandNodesTakeAMoment() {
    let nodes = (0..<2000).map { index in
      let by = index % 7
      return
        #""n\#(index)": {"op": "t.scale", "in": {"x": "\#(index == 0 ? "@x" : "n\(index - 1)")", "mask": "\#(index < 9 ? "@x" : "n\(index - 9)")"}, "with": {"by": \#(by)}}"#
    }.joined(separator: ",\n")
    let (seconds, checked) = ProcessorTime.ofThread { Checked(nodes: nodes, outputs: #""y": "n1999""#) }
    #expect(checked.text == "")
    // 0.3 s in a release build; tests run without optimisation.
    #expect(seconds < 3)
  }

  @Test func graphsThatOpenEachOtherAreNotOpenedForever() {
    let graphs = (0..<40).map { index in
      let call =
        index == 39 ? #"{"op": "t.relu", "in": {"x": "@x"}}"# : #"{"op": "graph:g\#(index + 1)", "in": {"x": "@x"}}"#
      return #""g\#(index)": {"inputs": {"x": "tensor<f32>"}, "nodes": {"a": \#(call)}, "outputs": {"y": "a"}}"#
    }.joined(separator: ",\n")
    let checked = Checked(
      nodes: #""n": {"op": "graph:g0", "in": {"x": "@x"}}"#, outputs: #""y": "n""#, more: #""graphs": {\#(graphs)},"#)
    #expect(checked.result.faults.map(\.code) == ["recursion"])
  }

  /// - Parameter next: what a graph opens itself with.
  private func stairs(_ steps: Int, next: String) -> Checker.Result {
    var files = MemoryFiles()
    files.texts["g.json"] = """
      {
        "format": 1, "params": { "n": { "type": "int", "default": 1, "min": 1 } }, "inputs": { "x": "tensor<f32>" },
        "nodes": { "top": { "op": "g.json#step", "in": { "x": "@x" }, "with": { "n": { "$": "n" } } } },
        "outputs": { "y": "top" },
        "graphs": {
          "step": {
            "inputs": { "x": "tensor<f32>" },
            "nodes": {
              "a": { "op": "t.relu", "in": { "x": "@x" } },
              "b": {
                "op": { "$": "n > 1 ? 'g.json#step' : 'g.json#last'" },
                "in": { "x": "a" },
                "with": { "n": { "$": "\(next)" } }
              }
            },
            "outputs": { "y": "b" }
          },
          "last": {
            "inputs": { "x": "tensor<f32>" },
            "nodes": { "z": { "op": "t.relu", "in": { "x": "@x" } } },
            "outputs": { "y": "z" }
          }
        }
      }
      """
    return Checker.check(
      "g.json", registry: CheckedOps.registry, library: GraphLibrary(access: files), params: ["n": .int(steps)])
  }

  @Test func aGraphOpensItselfWithOtherParams() {
    let result = stairs(5, next: "max(1, n - 1)")
    #expect(result.faults.isEmpty && result.graph.nodes.count == 6, "\(Diagnostics.text(result.faults))")
    #expect(result.graph.nodes.map(\.path).contains("top/b/b/b/b/a"))
  }

  @Test func aGraphThatOpensItselfEnds() {
    let same = stairs(5, next: "n")
    #expect(same.faults.map(\.message) == [#"node "b" opens "graph:step" inside itself"#])
    let endless = stairs(5, next: "n + 1")
    #expect(endless.faults.map(\.message) == [#"node "b" opens graphs in each other more than 32 levels deep"#])
  }

  @Test func listsThatDoubleAreNotWrittenOutForever() {
    let graphs = (0..<30).map { index in
      let inner = index == 0 ? "@x" : "d"
      let node = index == 0 ? "" : #""d": {"op": "graph:g\#(index - 1)", "in": {"x": "@x"}}"#
      return
        #""g\#(index)": {"inputs": {"x": "any"}, "nodes": {\#(node)}, "outputs": {"y": ["\#(inner)", "\#(inner)"]}}"#
    }.joined(separator: ",\n")
    let checked = Checked(
      nodes: #""n": {"op": "graph:g29", "in": {"x": "@x"}}"#, outputs: #""y": "n""#, more: #""graphs": {\#(graphs)},"#)
    #expect(checked.result.faults.map(\.code) == ["too-large"])
  }

  @Test func whatAFileOpensUpToIsCounted() {
    let graphs = (0..<7).map { index in
      let target = index == 6 ? "t.relu" : "graph:g\(index + 1)"
      let nodes = (0..<10).map { #""n\#($0)": {"op": "\#(target)", "in": {"x": "@x"}}"# }.joined(separator: ",")
      return #""g\#(index)": {"inputs": {"x": "tensor<f32>"}, "nodes": {\#(nodes)}, "outputs": {"y": "n0"}}"#
    }.joined(separator: ",\n")
    let checked = Checked(
      nodes: #""n": {"op": "graph:g0", "in": {"x": "@x"}}"#, outputs: #""y": "n""#, more: #""graphs": {\#(graphs)},"#,
      maximumNodes: 5000)
    #expect(checked.result.faults.map(\.code) == ["too-large"])
  }
}
