import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct GraphFileTests {
  static let broken = Catalogue("broken")

  /// One broken graph per kind of mistake, with everything that is said about it. Cases whose form is right are for
  /// the checker, which comes after.
  @Test(arguments: broken.cases) func brokenGraphsAreDiagnosed(_ entry: Catalogue.Case) throws {
    let (_, faults) = GraphFile.parse(bytes: try entry.bytes, file: entry.fileName)
    if faults.isEmpty { return }
    let text = Diagnostics.text(faults)
    #expect(try text == Catalogue.expected(of: entry, actual: text))
  }

  @Test func theCatalogueIsThere() {
    #expect(Self.broken.cases.count >= 60)
  }

  static let whole = """
    { "$schema": "graph-1.schema.json", "format": 1, "name": "whole", "doc": "everything at once",
      "ops": { "core": 1 },
      "params": { "size": { "type": "int", "default": 512, "min": 64, "max": 1e3, "choices": [64, 512], "doc": "px" },
                  "vgg": { "type": "file" } },
      "inputs": { "photo": { "type": "file", "optional": true, "doc": "a photo" }, "style": "list<file>" },
      "weights": "models/a.safetensors",
      "nodes": {
        "load": { "op": "image.load", "in": { "file": "@photo" }, "with": { "as": "rgb8", "n": [1, { "$": "size" }] } },
        "net": { "op": "networks/vgg19.json", "in": { "x": "load.a.b:0" }, "taps": { "$": "['a']" },
                 "weights": { "file": { "$": "vgg" }, "rename": { "a": "b" }, "layout": "HWIO" } },
        "face": { "op": "lib.json#face", "each": { "x": ["load", ["net.taps", "@style"]] }, "inflight": 2,
                  "batch": "auto", "on_error": "skip", "cache": "keep", "expect": { "y": "tensor<f32>[1,128]" },
                  "weights": "net.weights", "stream": "noise", "doc": "per face" },
        "fit": { "op": { "$": "size > 1 ? 'a' : 'b'" }, "body": "graph:loss", "loss": "total", "wrt": { "x": "load" },
                 "state": { "s": "net" }, "until": { "steps": { "$": "size" }, "rel_change": 1e-6 },
                 "keep": { "total": "all" }, "checkpoint": { "every": 25 }, "save_every": 5, "batch": 8 },
        "pick": { "op": "core.if", "then": "graph:loss", "else": "graph:loss", "weights": { "$": "vgg" } } },
      "outputs": {
        "image": { "from": "fit.x", "save": "{photo.stem}.png", "optional": true, "doc": "the picture" },
        "all": ["load", "net.y"],
        "jpeg": { "from": "load", "save": { "path": { "$": "'a.jpg'" }, "quality": { "$": "size // 8" } } } },
      "graphs": { "loss": { "doc": "d", "inputs": { "x": "tensor<f32>[1]" }, "nodes": {}, "outputs": { "total": "@x" } } }
    }
    """

  static func parse(_ text: String) -> (GraphFile?, [Fault]) { GraphFile.parse(bytes: Array(text.utf8), file: "g") }

  @Test func everyKeyIsRead() throws {
    let (parsed, faults) = Self.parse(Self.whole)
    #expect(faults == [])
    let file = try #require(parsed)
    #expect(file.schema == "graph-1.schema.json" && file.name == "whole" && file.main.doc == "everything at once")
    #expect(file.ops.map { "\($0.name.value) \($0.version)" } == ["core 1"])
    let size = file.params[0]
    #expect(size.type.value == "int" && size.defaultValue?.value == .int(512) && size.minimum?.value == .int(64))
    #expect(size.maximum?.value == .float(1000) && size.choices?.map(\.value) == [.int(64), .int(512)])
    #expect(size.doc == "px" && "\(size.place)" == "g:3:15" && "\(size.type.place)" == "g:3:33")
    #expect(file.main.inputs.map(\.name) == ["photo", "style"])
    #expect(file.main.inputs.map(\.type.value) == ["file", "list<file>"])
    #expect(file.main.inputs.map(\.isOptional) == [true, false])
    #expect(file.main.outputs.map(\.name) == ["image", "all", "jpeg"])
    #expect(file.main.outputs.map(\.isOptional) == [true, false, false])
    #expect(file.main.outputs[1].from.references.map(\.text) == ["load", "net.y"])
    #expect(file.graphs.map(\.name) == ["loss"] && file.graphs[0].inputs.map(\.name) == ["x"])
    guard case .file(let weights)? = file.main.weights, case .template(let save)? = file.main.outputs[0].save?.path,
      case .expression(let path)? = file.main.outputs[2].save?.path
    else {
      Issue.record("weights or save")
      return
    }
    #expect(try weights.evaluate(in: [:]) == .string("models/a.safetensors"))
    #expect(save.fields.map(\.path) == [["photo", "stem"]] && path.text == "'a.jpg'")
    #expect(try file.main.outputs[2].save?.settings.first?.value.evaluate(in: ["size": .int(80)]) == .int(10))
  }

  @Test func everyKeyOfANodeIsRead() throws {
    let nodes = try #require(Self.parse(Self.whole).0).main.nodes
    #expect(nodes.map(\.name) == ["load", "net", "face", "fit", "pick"])
    let forms = nodes.map { node -> OpReference.Form? in
      if case .text(let form)? = node.op?.source { form } else { nil }
    }
    #expect(
      forms == [
        .registered("image.load"), .file(path: "networks/vgg19.json", graph: nil),
        .file(path: "lib.json", graph: "face"), nil, .registered("core.if"),
      ])
    #expect(nodes[0].settings.map(\.key) == ["as", "n"])
    #expect(try nodes[0].settings[1].value.evaluate(in: ["size": .int(3)]) == .array([.int(1), .int(3)]))
    let port = nodes[1].inputs[0].value.references[0]
    #expect(port.name == "load" && port.port == "a.b:0" && !port.isInput && "\(port.place)" == "g:9:56")
    #expect(nodes[2].each[0].value.references.map(\.text) == ["load", "net.taps", "@style"])
    #expect(nodes[2].policy.inflight == 2 && nodes[2].policy.batch == nil && nodes[2].policy.onError == .skip)
    #expect(nodes[2].policy.cache == .keep && nodes[2].policy.stream == "noise" && nodes[3].policy.batch == 8)
    #expect(nodes[2].expect.map { "\($0.port) \($0.type.value)" } == ["y tensor<f32>[1,128]"])
    #expect(nodes[3].loss?.value == "total" && nodes[3].wrt.map(\.port) == ["x"] && nodes[3].state.map(\.port) == ["s"])
    #expect(nodes[3].until?.members?.map(\.key) == ["steps", "rel_change"])
    #expect(nodes[3].keep?.members?.map(\.key) == ["total"] && nodes[3].checkpoint?.members?.count == 1)
    #expect(try nodes[3].saveEvery?.evaluate(in: [:]) == .int(5))
    #expect(nodes[4].then != nil && nodes[4].otherwise != nil && nodes[3].body != nil && nodes[1].taps != nil)
    guard case .table? = nodes[1].weights, case .reference(let weights)? = nodes[2].weights,
      case .file? = nodes[4].weights
    else {
      Issue.record("weights")
      return
    }
    #expect(weights.text == "net.weights")
    #expect(nodes[3].keyPlaces["until"].map { "\($0)" } == "g:15:39")
  }

  @Test func aLibraryNeedsNoGraphOfItsOwn() {
    let (file, faults) = Self.parse(
      #"{"format": 1, "graphs": {"a": {"inputs": {"x": "file"}, "outputs": {"y": "@x"}}}}"#)
    #expect(faults == [] && file?.main.nodes.isEmpty == true)
  }

  @Test func theRestIsReadAroundAFault() throws {
    let (parsed, faults) = Self.parse(
      #"{"format": 1, "nodes": {"a": {"op": 3, "in": {"x": "b", "y": "?"}}, "b": {"op": "o"}}, "outputs": {"z": "a"}}"#)
    let file = try #require(parsed)
    #expect(faults.count == 2 && file.main.nodes.map(\.name) == ["a", "b"] && file.main.outputs.count == 1)
    #expect(file.main.nodes[0].op == nil && file.main.nodes[0].inputs.map(\.port) == ["x"])
  }

  @Test func twentyThousandNodesAreReadInLinearTime() throws {
    let nodes = (0..<20_000).map { #""n\#($0)":{"op":"core.add","in":{"a":"n0","b":"n1"},"with":{"k":\#($0)}}"# }
    let (file, faults) = Self.parse(#"{"format":1,"nodes":{\#(nodes.joined(separator: ","))},"outputs":{"y":"n0"}}"#)
    #expect(faults == [] && file?.main.nodes.count == 20_000)
  }
}
