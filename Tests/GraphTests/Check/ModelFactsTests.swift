import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct ModelFactsTests {
  /// The graph chooses its scale by what the model is like: outputs + width / 16.
  static let graph = """
    {"format": 1, "params": {"m": {"type": "model", "default": "net.json"}},
     "inputs": {"x": "tensor<f32>[4]"},
     "nodes": {"s": {"op": "t.scale", "in": {"x": "@x"}, "with": {"by": {"$": "m.outputs + m.width / 16"}}},
       "t": {"op": {"$": "m.ending == 'json' ? 't.scale' : 't.floor'"}, "in": {"x": "s"}}},
     "outputs": {"y": "t"}}
    """

  static func net(_ input: String) -> String {
    """
    {"format": 1, "inputs": {"x": "\(input)"}, "nodes": {"a": {"op": "t.floor", "in": {"x": "@x"}},
     "b": {"op": "t.floor", "in": {"x": "@x"}}}, "outputs": {"p": "a", "q": "b"}}
    """
  }

  @Test func expressionsAskAModel() throws {
    var files = MemoryFiles()
    files.texts["net.json"] = Self.net("tensor<f32>[1,3,H,32]")
    let checked = Checked(Self.graph, files: files)
    #expect(checked.text == "")
    let scale = try #require(checked.graph.nodes.first)
    #expect(scale.attributes.number("by") == 4)
    #expect(checked.graph.nodes.last?.op.name == "t.scale")
    files.texts["net.json"] = Self.net("tensor<f32>[4]")
    let flat = try #require(Checked(Self.graph, files: files).graph.nodes.first)
    #expect(flat.attributes.number("by") == 2)
  }

  @Test func aModelThatIsNotThereIsGuessed() {
    #expect(Checked(Self.graph).text == "")
    #expect(
      Checked(Self.graph.replacing("m.outputs", with: "m.size")).text.contains("unknown param \"m.size\""))
  }

  /// `*`: all inputs, and all outputs, in order.
  @Test func aStarStandsForAllPorts() {
    var files = MemoryFiles()
    files.texts["net.json"] = Self.net("tensor<f32>[4]")
    let call = #"""
      {"format": 1, "inputs": {"x": "tensor<f32>[4]"},
       "nodes": {"n": {"op": "net.json", "in": {"*": "@x"}, "taps": ["*"]}}, "outputs": {"y": "n.taps"}}
      """#
    let checked = Checked(call, files: files)
    #expect(
      checked.text == "" && checked.graph.outputs.first?.type.description == "list<tensor<f32>[4]; tensor<f32>[4]>")
    #expect(
      Checked(call.replacing("\"@x\"", with: "[\"@x\", \"@x\"]"), files: files).text
        .contains("node \"n\": \"*\" gives 2 inputs; the graph has x"))
    #expect(
      Checked(call.replacing("{\"*\": \"@x\"}", with: "{\"*\": \"@x\", \"x\": \"@x\"}"), files: files).text
        .contains("node \"n\": \"*\" gives all inputs, so that none can be named; the graph has x"))
  }
}
