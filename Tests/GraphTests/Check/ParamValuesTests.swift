import Language
import Tensors
import TestSupport
import Testing

@testable import Graph

@Suite struct ParamValuesTests {
  static func check(_ params: String, _ given: [String: Literal] = [:], needsValues: Bool = false) -> Checked {
    Checked(
      #"{"format": 1, "params": {\#(params)}, "inputs": {"x": "tensor<f32>[4]"}, "nodes": {"s": {"op": "t.scale", "in": {"x": "@x"}, "with": {"by": {"$": "p"}}}}, "outputs": {"y": "s"}}"#,
      params: given, needsValues: needsValues)
  }

  @Test func givenValuesTakeTheirTypesForm() {
    let checked = Self.check(#""p": {"type": "number", "default": 2}"#, ["p": 3])
    #expect(checked.text == "" && checked.result.params == ["p": 3.0])
    #expect(checked.graph.nodes[0].attributes.number("by") == 3)
  }

  @Test func aParamWithoutValueIsNotHeldAgainstACheck() {
    let open = #""p": {"type": "number", "min": 20}"#
    #expect(Self.check(open).text == "")
    #expect(
      Self.check(open, needsValues: true).text.contains("the graph needs the param \"p\" (number): it has no default"))
    #expect(Self.check(#""p": {"type": "number", "choices": [40, 3]}"#).text == "")
    #expect(Self.check(#""p": {"type": "list<number>"}"#).text == "")
  }

  @Test func whatIsGivenMustFit() {
    let bounded = #""p": {"type": "int", "default": 2, "min": 1, "max": 4}"#
    #expect(Self.check(bounded, ["p": 9]).text.contains("param \"p\" must be from 1 to 4, but is 9"))
    #expect(Self.check(bounded, ["p": "many"]).text.contains("param \"p\" is of type int, but \"many\" is a string"))
    #expect(Self.check(bounded, ["q": 1]).text.contains("the graph has no param \"q\"; it has p"))
    #expect(Self.check(#""p": {"type": "numbr", "default": 1}"#).text.contains("did you mean \"number\"?"))
  }

  @Test func pathsStartFromTheFileThatNamesThem() {
    var files = MemoryFiles()
    files.images["lib/a.png"] = ImageType(format: .rgb8, height: 3, width: 5)
    files.texts["lib/l.json"] =
      #"{"format": 1, "params": {"f": {"type": "file", "default": "a.png"}}, "nodes": {"l": {"op": "t.load", "in": {"file": "@f"}}}, "outputs": {"y": "l"}}"#
    let checked = Checked(
      #"{"format": 1, "nodes": {"n": {"op": "lib/l.json"}}, "outputs": {"y": "n"}}"#, files: files)
    #expect(checked.text == "" && checked.graph.outputs[0].type.description == "image<rgb8>[3,5]")
  }
}
