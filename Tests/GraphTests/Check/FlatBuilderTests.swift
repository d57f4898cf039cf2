import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct FlatBuilderTests {
  @Test func equalUsesAreOneNodeAndRandomOnesAreNot() {
    let checked = Checked(
      nodes: """
        "a": {"op": "t.relu", "in": {"x": "@x"}}, "b": {"op": "t.relu", "in": {"x": "@x"}, "doc": "the same"},
        "c": {"op": "t.scale", "in": {"x": "a"}}, "d": {"op": "t.scale", "in": {"x": "b"}, "with": {"by": 1}},
        "e": {"op": "t.scale", "in": {"x": "b"}, "with": {"by": 2}},
        "f": {"op": "t.relu", "in": {"x": "@x"}, "cache": "off"},
        "n": {"op": "t.noise"}, "m": {"op": "t.noise"}
        """,
      outputs: #""c": "c", "d": "d", "e": "e", "f": "f", "n": "n", "m": "m", "a": "a""#)
    #expect(checked.text == "")
    #expect(checked.graph.nodes.map(\.path) == ["a", "c", "e", "f", "n", "m"])
    #expect(checked.graph.aliases == ["b": "a", "d": "c"])
  }

  @Test func whatDoesNotDependOnTheStateRunsOnceOutside() {
    let checked = Checked(
      nodes: """
        "l": {"op": "core.loop", "body": "graph:step", "in": {"fixed": "@x"}, "state": {"s": "@x"}, "until": {"steps": 3}}
        """, outputs: #""y": "l.s""#,
      more: """
        "graphs": {"step": {"inputs": {"s": "tensor", "fixed": "tensor<f32>"},
          "nodes": {"outside": {"op": "t.scale", "in": {"x": "@fixed"}, "with": {"by": 2}},
                    "random": {"op": "t.noise"},
                    "inside": {"op": "t.scale", "in": {"x": "@s", "mask": "outside"}},
                    "unread": {"op": "t.pair", "in": {"x": "random"}}},
          "outputs": {"s": "inside"}}},
        """)
    #expect(checked.text == "")
    #expect(
      checked.listing == [
        "l/outside t.scale -> y: tensor<f32>[1,3,H,W] rgb 0..1", "l core.loop -> s: tensor<f32>[1,3,H,W] rgb 0..1",
        "  l/inside t.scale -> y: tensor<f32>[7]",
      ])
  }

  @Test func valuesThatOnlyUnreadNodesReadAreNotFedIn() {
    let checked = Checked(
      nodes: """
        "costly": {"op": "t.relu", "in": {"x": "@x"}},
        "l": {"op": "core.loop", "body": "graph:step", "in": {"extra": "costly"}, "state": {"s": "@x"},
              "until": {"steps": 3}}
        """, outputs: #""y": "l.s""#,
      more: """
        "graphs": {"step": {"inputs": {"s": "tensor", "extra": "tensor<f32>"},
          "nodes": {"next": {"op": "t.relu", "in": {"x": "@s"}},
                    "unread": {"op": "t.scale", "in": {"x": "@s", "mask": "@extra"}}}, "outputs": {"s": "next"}}},
        """)
    #expect(checked.text == "")
    #expect(checked.graph.nodes.map(\.path) == ["l"])
    #expect(Checked.bodies(checked.graph.nodes[0])[0].graph.inputs.map(\.name) == ["s"])
  }

  @Test func everyPictureHasASizeOfItsOwn() {
    let checked = Checked(
      nodes: """
        "a": {"op": "t.load", "in": {"file": "@p"}}, "b": {"op": "t.load", "in": {"file": "@q"}},
        "x": {"op": "t.tensor", "in": {"image": "a"}}, "y": {"op": "t.tensor", "in": {"image": "b"}}
        """, outputs: #""x": "x", "y": "y", "z": "@z""#,
      inputs: #""p": "file", "q": "file", "z": "tensor<f32>[H,H3]""#)
    #expect(checked.text == "")
    #expect(
      checked.graph.outputs.map(\.type.description) == [
        "tensor<f32>[1,3,H2,W] rgb 0..1", "tensor<f32>[1,3,H4,W2] rgb 0..1", "tensor<f32>[H,H3]",
      ])
  }

  @Test func typesJoinToWhatBothAre() throws {
    func joined(_ a: String, _ b: String) throws -> String {
      try ValueType(parsing: a).joined(with: ValueType(parsing: b)).description
    }
    #expect(try joined("tensor<f32>[1,H] rgb", "tensor<f32>[1,W] bgr") == "tensor<f32>[1,?]")
    #expect(try joined("tensor<f32>[1]", "tensor<u8>[1,2]") == "tensor")
    #expect(try joined("image<rgb8>[4,5]", "image<grey8>[4,6]") == "image[4,?]")
    #expect(try joined("int", "number") == "number" && joined("int?", "int") == "int?")
    #expect(try joined("list<int; int>", "list<number>") == "list<number>" && joined("file", "int") == "any")
    #expect(try joined("list<tensor[1]; int>", "list<tensor[2]; int>") == "list<tensor[?]; int>")
  }
}
