import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct NodeFlatteningBodyTests {
  static let graphs = """
    "params": {"fast": {"type": "bool", "default": true}},
    "graphs": {
      "a": {"inputs": {"x": "tensor<f32>"}, "nodes": {"r": {"op": "t.relu", "in": {"x": "@x"}}},
            "outputs": {"y": "r", "only_a": "r"}},
      "b": {"inputs": {"x": "tensor<f32>", "m": "tensor<f32>"},
            "nodes": {"s": {"op": "t.scale", "in": {"x": "@x", "mask": "@m"}}}, "outputs": {"y": "s", "only_b": "s"}}},
    """

  static func branch(_ condition: String, _ branches: String, outputs: String, params: [String: Literal] = [:])
    -> Checked
  {
    Checked(
      nodes:
        #""i": {"op": "core.if", \#(condition) \#(branches), "in": {"x": "@x", "m": "@x"\#(condition.isEmpty ? #", "condition": "@c""# : "")}}"#,
      outputs: outputs, inputs: #""x": "tensor<f32>[4]", "c": "bool""#, more: graphs, params: params)
  }

  @Test func aKnownConditionPicksABranch() {
    let settled = #""with": {"condition": {"$": "fast"}},"#
    let both = #""then": "graph:a", "else": "graph:b""#
    let yes = Self.branch(settled, both, outputs: #""y": "i.y", "z": {"from": "i.only_b", "optional": true}"#)
    #expect(yes.text == "" && yes.listing == ["i/r t.relu -> y: tensor<f32>[4]"])
    #expect(yes.graph.outputs[1].type.description == "any?")
    let no = Self.branch(settled, both, outputs: #""y": "i.y""#, params: ["fast": false])
    #expect(no.text == "" && no.listing == ["i/s t.scale -> y: tensor<f32>[7]"])
    let none = Self.branch(settled, #""then": "graph:a""#, outputs: #""y": "i.y""#, params: ["fast": false])
    #expect(none.text == "" && none.listing == [] && none.graph.outputs[0].type.description == "any?")
  }

  @Test func aConditionOfTheRunKeepsBothBranches() {
    let checked = Self.branch("", #""then": "graph:a", "else": "graph:b""#, outputs: #""y": "i.y", "a": "i.only_a""#)
    #expect(checked.text == "")
    #expect(
      checked.listing == [
        "i core.if -> y: tensor<f32>[?], only_a: tensor<f32>[4]?, only_b: tensor<f32>[7]?",
        "  i/r t.relu -> y: tensor<f32>[4]", "  i/s t.scale -> y: tensor<f32>[7]",
      ])
    let single = Self.branch("", #""then": "graph:a""#, outputs: #""y": "i.y""#)
    #expect(single.text == "" && single.graph.outputs[0].type.description == "tensor<f32>[4]?")
  }

  @Test func minimisingGivesAPortPerValueAndALog() {
    let checked = Checked(
      nodes: """
        "p": {"op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": {"c": "@x"}, "in": {"goal": "@g"},
              "until": {"steps": {"$": "n"}, "rel_change": 1e-6}, "keep": {"part": "all", "total": "best", "c": "all"},
              "checkpoint": {"every": 5}, "save_every": 2}
        """, outputs: #""c": "p.c", "l": "p.log", "k": "p.part", "t": "p.total", "all": "p.c.all""#,
      inputs: #""x": "tensor<f32>[4]", "g": "tensor<f32>[4]""#,
      more: """
        "params": {"n": {"type": "int", "default": 7}},
        "graphs": {"loss": {"inputs": {"c": "tensor<f32>[K]", "goal": "tensor<f32>[K]"},
          "nodes": {"m": {"op": "t.mse", "in": {"a": "@c", "b": "@goal"}}, "s": {"op": "t.sum", "in": {"x": ["m"]}}},
          "outputs": {"total": "s", "part": "m"}}},
        """)
    #expect(checked.text == "")
    #expect(
      checked.graph.outputs.map(\.type.description) == [
        "tensor<f32>[4]", "table", "list<tensor<f32>[]>", "tensor<f32>[]", "list<tensor<f32>[4]>",
      ])
    guard case .minimize(_, _, let wrt, _, "total", let plan)? = checked.graph.nodes.last?.structure else {
      Issue.record("no minimise")
      return
    }
    #expect(wrt.map(\.name) == ["c"] && plan.steps == 7 && plan.relativeChange == 1e-6 && plan.seconds == nil)
    #expect(plan.checkpointEvery == 5 && plan.saveEvery == 2)
    #expect(plan.keep.map { "\($0.name) \($0.mode)" } == ["c all", "part all", "total best"])
  }
}
