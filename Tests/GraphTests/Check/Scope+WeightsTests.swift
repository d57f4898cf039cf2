import Language
import Tensors
import TestSupport
import Testing

@testable import Graph

@Suite struct ScopeWeightsTests {
  static var files: MemoryFiles {
    var files = NodeFlatteningCallTests.files
    files.weights["w/net.safetensors"] = [
      "one.weight": TensorType(dtype: .f32, shape: [4, 3, 3, 3]), "one.bias": TensorType(dtype: .f32, shape: [4]),
      "block.conv.weight": TensorType(dtype: .f32, shape: [2, 4, 3, 3]),
      "block.conv.bias": TensorType(dtype: .f32, shape: [2]),
    ]
    return files
  }

  /// `path: name` of the nodes that give parameters.
  static func parameters(_ checked: Checked, _ op: String) -> [String] {
    checked.graph.nodes.filter { $0.op.name == op }.map { "\($0.path): \($0.attributes.string("name"))" }
  }

  @Test func parametersAreNamedByNodePath() {
    let checked = Checked(
      nodes: #""n": {"op": "nets/net.json", "in": {"x": "@x"}, "weights": "w/net.safetensors"}"#,
      outputs: #""y": "n""#, files: Self.files)
    #expect(checked.text == "")
    #expect(
      Self.parameters(checked, "weights.tensor") == [
        "n/one.weight: one.weight", "n/one.bias: one.bias", "n/block/conv.weight: block.conv.weight",
        "n/block/conv.bias: block.conv.bias",
      ])
  }

  @Test func withoutWeightsInitialisersRunOnceForEqualNames() {
    let checked = Checked(
      nodes: """
        "n": {"op": "nets/net.json", "in": {"x": "@x"}}, "m": {"op": "nets/net.json", "in": {"x": "n.one"}}
        """, outputs: #""y": "n", "z": "k""#, files: Self.files)
    #expect(checked.text.contains("there is no node \"k\""))
    let twice = Checked(
      nodes: """
        "r": {"op": "t.relu", "in": {"x": "@x"}},
        "n": {"op": "nets/net.json", "in": {"x": "@x"}}, "m": {"op": "nets/net.json", "in": {"x": "r"}}
        """, outputs: #""y": "n", "z": "m""#, files: Self.files)
    #expect(twice.text == "")
    #expect(Self.parameters(twice, "weights.initialize").map { $0.split(separator: ":")[0] }.count == 4)
  }

  /// A path from the command line is the caller's, however deep it is handed on: what lies under the same name beside an
  /// inner file is another file.
  @Test func pathsFromOutsideAreFoundOnce() {
    var files = Self.files
    files.texts["nets/wrap.json"] = """
      {"format": 1, "params": {"file": {"type": "model"}}, "inputs": {"x": "tensor<f32>[1,3,H,W]"},
       "nodes": {"n": {"op": "net.json", "in": {"x": "@x"}, "weights": {"$": "file"}}}, "outputs": {"y": "n"}}
      """
    for decoy in [false, true] {
      if decoy { files.weights["nets/w/net.safetensors"] = files.weights["w/net.safetensors"] }
      let checked = Checked(
        nodes: #""n": {"op": "nets/wrap.json", "in": {"x": "@x"}, "with": {"file": {"$": "file"}}}"#,
        outputs: #""y": "n""#, more: #""params": {"file": {"type": "model"}},"#, files: files,
        params: ["file": .string("w/net.safetensors")])
      #expect(checked.text == "")
      let files = checked.graph.nodes.filter { $0.op.name == "weights.load" }.flatMap(\.operands).map { "\($0)" }
      #expect(files.count == 1 && files[0].contains("\"w/net.safetensors\""), "\(files)")
    }
  }

  @Test func aFileATableAReferenceAndAParamBindWeights() {
    for (binding, input) in [
      (#"{"file": "w/net.safetensors", "rename": {"a": "b"}, "layout": "HWIO"}"#, ""), (#""@w""#, #", "w": "weights""#),
      (#""@w""#, #", "w": "file""#), (#"{"$": "path"}"#, ""),
    ] {
      let checked = Checked(
        nodes: #""n": {"op": "nets/net.json#block", "in": {"x": "@x"}, "weights": \#(binding)}"#,
        outputs: #""y": "n""#, inputs: #""x": "tensor<f32>[1,3,H,W]"\#(input)"#,
        more: #""params": {"path": {"type": "file", "default": "w/net.safetensors"}},"#)
      #expect(Self.parameters(checked, "weights.tensor").isEmpty == checked.text.contains("error"), "\(checked.text)")
    }
  }

  @Test func bindingsAreInherited() {
    let checked = Checked(
      """
      {"format": 1, "weights": "w/net.safetensors", "inputs": {"x": "tensor<f32>[1,3,H,W]"},
       "nodes": {"one": {"op": "t.conv", "in": {"x": "@x"}, "with": {"channels": 4, "bias": false}}},
       "outputs": {"y": "one"}}
      """, files: Self.files)
    #expect(checked.text == "")
    #expect(Self.parameters(checked, "weights.tensor") == ["one.weight: one.weight"])
  }

  @Test func aPathThatIsEmptyBindsNothing() {
    let checked = Checked(
      nodes: #""n": {"op": "nets/net.json", "in": {"x": "@x"}, "weights": {"$": "path"}}"#, outputs: #""y": "n""#,
      more: #""params": {"path": {"type": "file", "default": ""}},"#, files: Self.files)
    #expect(checked.text == "" && Self.parameters(checked, "weights.initialize").count == 4)
  }
}
