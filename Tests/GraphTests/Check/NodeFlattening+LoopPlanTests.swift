import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct NodeFlatteningLoopPlanTests {
  /// The plan of a loop with these keys, or what is said about them.
  static func plan(_ keys: String) -> (FlatGraph.LoopPlan?, String) {
    let checked = Checked(
      nodes: #""l": {"op": "core.loop", "body": "graph:b", "state": {"s": "@x"}, \#(keys)}"#, outputs: #""y": "l.s""#,
      more: """
        "graphs": {"b": {"inputs": {"s": "tensor<f32>"}, "nodes": {"r": {"op": "t.relu", "in": {"x": "@s"}}},
                         "outputs": {"s": "r", "done": "r"}}},
        """)
    guard case .loop(_, _, let plan)? = checked.graph.nodes.first?.structure else { return (nil, checked.text) }
    return (plan, checked.text)
  }

  @Test func everySettingIsRead() throws {
    let (plan, text) = Self.plan(
      #""until": {"steps": 1e2, "seconds": 1.5, "condition": "done"}, "keep": {"done": "all"}, "checkpoint": false, "save_every": 0"#
    )
    #expect(text == "")
    let found = try #require(plan)
    #expect(found.steps == 100 && found.seconds == 1.5 && found.condition == "done" && found.relativeChange == nil)
    #expect(found.checkpointEvery == .max && found.saveEvery == nil && found.keep.count == 1)
    #expect(Self.plan(#""until": {"steps": 3}, "checkpoint": 7"#).0?.checkpointEvery == 7)
  }

  @Test(arguments: [
    (#""until": {"steps": 1.5}"#, "until.steps takes a number of at least 0, not 1.5"),
    (#""until": {"condition": "dun"}"#, #"until.condition names no output of the body: "dun""#),
    (#""until": {}"#, "would never stop"),
    (#""until": {"steps": 1}, "keep": {"s": "first"}"#, #"keep.s is one of "all", "last", "best", not "first""#),
    (#""until": {"steps": 1}, "checkpoint": 0"#, "checkpoint takes a number of steps or false"),
    (#""until": {"steps": 1}, "save_every": -1"#, "save_every takes a number of steps"),
  ])
  func whatDoesNotFitIsSaid(_ keys: String, _ text: String) { #expect(Self.plan(keys).1.contains(text)) }
}
