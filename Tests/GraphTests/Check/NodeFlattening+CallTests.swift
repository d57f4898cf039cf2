import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct NodeFlatteningCallTests {
  static let net = """
    {"format": 1, "params": {"wide": {"type": "int", "default": 4}},
     "inputs": {"x": "tensor<f32>[1,3,H,W]"},
     "nodes": {
      "one": {"op": "t.conv", "in": {"x": "@x"}, "with": {"channels": {"$": "wide"}}},
      "block": {"op": "graph:block", "in": {"x": "one"}},
      "relu4_2": {"op": "t.relu", "in": {"x": "block"}}
     },
     "outputs": {"y": "relu4_2"},
     "graphs": {"block": {"inputs": {"x": "tensor<f32>[N,C,H,W]"},
      "nodes": {"conv": {"op": "t.conv", "in": {"x": "@x"}, "with": {"channels": 2}}}, "outputs": {"y": "conv"}}}}
    """

  static var files: MemoryFiles {
    var files = MemoryFiles()
    files.texts["nets/net.json"] = net
    return files
  }

  @Test func graphsOfOtherFilesAreOpenedWithTheirOwnParams() {
    let checked = Checked(
      nodes: """
        "n": {"op": "nets/net.json", "in": {"x": "@x"}, "with": {"wide": 6}},
        "m": {"op": "nets/net.json#block", "in": {"x": "@x"}}
        """, outputs: #""y": "n", "one": "n.one", "inner": "n.block/conv", "m": "m""#, files: Self.files)
    #expect(checked.text == "")
    #expect(
      checked.graph.outputs.map(\.type.description) == [
        "tensor<f32>[1,2,H,W]", "tensor<f32>[1,6,H,W]", "tensor<f32>[1,2,H,W]", "tensor<f32>[1,2,H,W]",
      ])
    #expect(checked.graph.calls.keys.sorted() == ["m", "n", "n/block"])
    #expect(checked.graph.calls["n"]?.isOtherFile == true && checked.graph.calls["n/block"]?.isOtherFile == false)
  }

  @Test func filesAreLookedForInTheSearchPathsToo() {
    let text =
      #"{"format": 1, "inputs": {"x": "tensor<f32>[1,3,H,W]"}, "nodes": {"n": {"op": "net.json", "in": {"x": "@x"}}}, "outputs": {"y": "n"}}"#
    #expect(Checked(text, files: Self.files, search: ["lib", "nets"]).text == "")
  }

  @Test func tapsComeInTheOrderOfTheirNames() {
    let checked = Checked(
      nodes: """
        "n": {"op": "nets/net.json", "in": {"x": "@x"}, "taps": {"$": "layers"}},
        "g": {"op": "t.gram", "each": {"x": "n.taps"}}
        """, outputs: #""y": "g""#,
      more: #""params": {"layers": {"type": "list<string>", "default": ["relu4_2", "one"]}},"#,
      files: Self.files)
    #expect(checked.text == "")
    #expect(checked.graph.outputs[0].type.description == "list<tensor<f32>[2,2]; tensor<f32>[4,4]>")
  }

  @Test func extentsBelongToOneCall() {
    let checked = Checked(
      nodes: """
        "a": {"op": "graph:same", "in": {"x": "@x", "y": "@x"}}, "b": {"op": "graph:same", "in": {"x": "@z", "y": "@z"}}
        """, outputs: #""a": "a", "b": "b""#, inputs: #""x": "tensor<f32>[4]", "z": "tensor<f32>[5]""#,
      more: """
        "graphs": {"same": {"inputs": {"x": "tensor<f32>[K]", "y": "tensor<f32>[K]"},
                            "nodes": {"r": {"op": "t.relu", "in": {"x": "@y"}}}, "outputs": {"y": "r"}}},
        """)
    #expect(
      checked.text == "" && checked.graph.outputs.map(\.type.description) == ["tensor<f32>[4]", "tensor<f32>[5]"])
  }

  @Test func anExtentMayBeUsedBeforeTheInputThatSettlesIt() {
    let checked = Checked(
      nodes: #""a": {"op": "graph:half", "in": {"half": "@x", "whole": "@z"}}"#, outputs: #""a": "a""#,
      inputs: #""x": "tensor<f32>[4]", "z": "tensor<f32>[10]""#,
      more: """
        "graphs": {"half": {"inputs": {"half": "tensor<f32>[K/2]", "whole": "tensor<f32>[K]"},
                            "nodes": {"r": {"op": "t.relu", "in": {"x": "@half"}}}, "outputs": {"y": "r"}}},
        """)
    #expect(checked.text.contains("input half: dimension 0: 4 where 5 is needed"))
  }

  @Test func optionalInputsMayStayAwayAndBePassedOn() {
    let checked = Checked(
      nodes: """
        "a": {"op": "graph:g", "in": {"x": "@x"}}, "b": {"op": "graph:g", "in": {"x": "@x", "mask": "@x"}}
        """, outputs: #""a": "a", "b": "b""#, inputs: #""x": "tensor<f32>[4]""#,
      more: """
        "graphs": {
          "g": {"inputs": {"x": "tensor<f32>", "mask": {"type": "tensor<f32>", "optional": true}},
                "nodes": {"h": {"op": "graph:h", "in": {"x": "@x", "mask": "@mask"}}}, "outputs": {"y": "h"}},
          "h": {"inputs": {"x": "tensor<f32>", "mask": {"type": "tensor<f32>", "optional": true}},
                "nodes": {"s": {"op": "t.scale", "in": {"x": "@x", "mask": "@mask"}}}, "outputs": {"y": "s"}}},
        """)
    #expect(
      checked.text == "" && checked.graph.outputs.map(\.type.description) == ["tensor<f32>[4]", "tensor<f32>[7]"])
  }

  /// A file that has the params of `net.json` and hands them on.
  private func handing(_ word: String, params: [String: Literal] = [:], more: String = "") -> Checked {
    Checked(
      nodes: #""n": {"op": "nets/net.json", "in": {"x": "@x"}, "with": {"*": "\#(word)"\#(more)}}"#,
      outputs: #""y": "n.one""#, more: #""params": {"*": "nets/net.json", "wide": {"default": 7}},"#, files: Self.files,
      params: params)
  }

  @Test func paramsAreHandedOnByName() {
    func channels(_ checked: Checked) -> String { checked.graph.outputs[0].type.description }
    #expect(channels(handing("same")) == "tensor<f32>[1,7,H,W]")
    #expect(channels(handing("same", params: ["wide": .int(5)])) == "tensor<f32>[1,5,H,W]")
    #expect(channels(handing("same", more: #", "wide": 3"#)) == "tensor<f32>[1,3,H,W]")
    // Of those that nobody gave a value, the called file's default counts.
    #expect(channels(handing("given")) == "tensor<f32>[1,4,H,W]")
    #expect(channels(handing("given", params: ["wide": .int(5)])) == "tensor<f32>[1,5,H,W]")
  }

  @Test func whatCannotBeHandedOnIsSaid() {
    #expect(
      handing("all").text.contains(
        "expected \"same\" (all params of the same names) or \"given\" (those that were given a value) for \"*\""))
    let op = Checked(
      nodes: #""n": {"op": "t.relu", "in": {"x": "@x"}, "with": {"*": "same"}}"#, outputs: #""y": "n""#)
    #expect(op.text.contains("\"*\" hands params on to graphs of other files; t.relu is an op"))
    let own = Checked(
      nodes: #""n": {"op": "graph:g", "in": {"x": "@x"}, "with": {"*": "same"}}"#, outputs: #""y": "n""#,
      more: #""graphs": {"g": {"inputs": {"x": "tensor<f32>"}, "nodes": {}, "outputs": {"y": "@x"}}},"#)
    #expect(own.text.contains("a graph of the same file shares its params"))
  }
}
