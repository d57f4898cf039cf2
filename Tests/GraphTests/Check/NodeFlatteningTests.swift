import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct NodeFlatteningTests {
  @Test func listsOfKnownLengthAreWrittenOut() {
    let checked = Checked(
      nodes: """
        "a": {"op": "t.relu", "in": {"x": "@x"}}, "b": {"op": "t.scale", "in": {"x": "@x"}, "with": {"by": 2}},
        "g": {"op": "t.gram", "each": {"x": ["a", "b"]}},
        "d": {"op": "t.mse", "each": {"a": "g", "b": "g"}},
        "s": {"op": "t.sum", "in": {"x": "d"}}
        """, outputs: #""y": "s", "grams": "g""#)
    #expect(checked.text == "")
    #expect(checked.graph.nodes.map(\.path) == ["a", "b", "g[0]", "g[1]", "d[0]", "d[1]", "s"])
    #expect(checked.graph.outputs[1].type.description == "list<tensor<f32>[3,3]; tensor<f32>[3,3]>")
  }

  @Test func listsOfUnknownLengthAreMapped() {
    let checked = Checked(
      nodes: """
        "p": {"op": "t.load", "in": {"file": "@f"}}, "d": {"op": "t.boxes", "in": {"image": "p"}},
        "face": {"op": "graph:face", "each": {"box": "d.boxes"}, "in": {"image": "p"}, "on_error": "null"}
        """, outputs: #""y": "face.x", "z": "face.small""#, inputs: #""f": "file""#,
      more: """
        "graphs": {"face": {"inputs": {"image": "image<rgb8>[H,W]", "box": "box"},
          "nodes": {"cut": {"op": "t.crop", "in": {"image": "@image", "box": "@box"}},
                    "whole": {"op": "t.tensor", "in": {"image": "@image"}},
                    "x": {"op": "t.tensor", "in": {"image": "cut"}}}, "outputs": {"x": "x", "small": "whole"}}},
        """)
    #expect(checked.text == "")
    #expect(
      checked.listing == [
        "p t.load -> image: image<rgb8>[H,W]", "d t.boxes -> boxes: list<box>, scores: list<number>",
        "face/whole t.tensor -> x: tensor<f32>[1,3,H,W] rgb 0..1",
        "face core.map -> x: list<tensor<f32>[1,3,?h,?w] rgb 0..1?>, small: list<tensor<f32>[1,3,H,W] rgb 0..1?>",
        "  face/cut t.crop -> image: image<rgb8>[?h,?w]",
        "  face/x t.tensor -> x: tensor<f32>[1,3,?h,?w] rgb 0..1",
      ])
    guard case .map(let body) = checked.graph.nodes[3].structure else { return }
    #expect(body.graph.inputs.map(\.name).contains("box") && body.bindings.count == body.graph.inputs.count)
  }

  @Test func anOptimisationPerItemStartsFromItsOwnValues() {
    let checked = Checked(
      nodes: """
        "p": {"op": "optim.minimize", "each": {"goal": "@goals"}, "wrt": {"c": "@start"}, "body": "graph:loss",
              "until": {"steps": 2}}
        """, outputs: #""y": "p.c""#,
      inputs: #""other": "int", "goals": "list<tensor<f32>[4]>", "start": "tensor<f32>[4]""#,
      more: """
        "graphs": {"loss": {"inputs": {"c": "tensor<f32>[4]", "goal": "tensor<f32>[4]"},
          "nodes": {"m": {"op": "t.mse", "in": {"a": "@c", "b": "@goal"}}}, "outputs": {"total": "m"}}},
        """)
    #expect(checked.text == "")
    guard case .map(let body)? = checked.graph.nodes.first?.structure,
      case .minimize(_, _, let wrt, _, _, _)? = body.graph.nodes.first?.structure,
      case .value(let start)? = wrt.first?.start
    else {
      Issue.record("\(checked.listing)")
      return
    }
    let input = body.graph.inputs.firstIndex { $0.value == start }
    #expect(input.map { "\(body.graph.inputs[$0].type)" } == "tensor<f32>[4]")
  }

  @Test func theOpMayBeChosenByAParam() {
    let more = #""params": {"which": {"type": "string", "default": "t.relu"}},"#
    let nodes = #""a": {"op": {"$": "which"}, "in": {"x": "@x"}}"#
    #expect(Checked(nodes: nodes, outputs: #""y": "a""#, more: more).listing.first?.hasPrefix("a t.relu") == true)
    let other = Checked(nodes: nodes, outputs: #""y": "a""#, more: more, params: ["which": "t.floor"])
    #expect(other.listing.first?.hasPrefix("a t.floor") == true)
  }
}
