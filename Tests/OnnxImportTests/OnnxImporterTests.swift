import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct OnnxImporterTests {
  private static func longs(_ values: Int...) -> Tensor { Tensor(shape: [values.count], values.map { Int64($0) }) }

  /// [N, C, H, W] → Transpose → Reshape to [N, -1, C], the sizes taken from Shape, as detectors are exported.
  private static var head: [UInt8] {
    OnnxBytes.model(
      OnnxBytes.graph(
        [
          .node("Shape", ["x"], ["shape"]), .node("Gather", ["shape", "zero"], ["n"], [("axis", .int(0))]),
          .node("Unsqueeze", ["n", "zeros"], ["n1"]),
          .node("Concat", ["n1", "open", "three"], ["target"], [("axis", .int(0))]),
          .node("Transpose", ["x"], ["t"], [("perm", .ints([0, 2, 3, 1]))]), .node("Reshape", ["t", "target"], ["y"]),
        ], inputs: [.value("x", .f32, ["batch", "3", "height", "width"])], outputs: [.value("y")],
        initializers: [
          ("zero", Tensor(shape: [], [Int64(0)])), ("zeros", longs(0)), ("open", longs(-1)), ("three", longs(3)),
        ]))
  }

  @Test func shapeArithmeticIsDoneWithSymbols() throws {
    let checked = OnnxRunner.check(Self.head)
    #expect(checked.isSound)
    #expect(OnnxRunner.eagerOps(checked).isEmpty)
    #expect(checked.graph.nodes.map(\.op.name) == ["tensor.transpose", "tensor.reshape_to"])
    #expect("\(checked.graph.outputs[0].type)" == "tensor<f32>[batch,height*width,3]")
    for shape in [[1, 3, 4, 5], [2, 3, 1, 7]] {
      let x = OnnxRunner.numbers(shape)
      let native = try OnnxRunner.run(Self.head, ["x": x])["y"]
      #expect(native?.shape == [shape[0], shape[2] * shape[3], 3])
      #expect(try OnnxRunner.run(Self.head, ["x": x], rules: OnnxRules([]))["y"] == native)
    }
  }

  @Test func aMapIsResizedToTheSizeOfAnother() throws {
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [
          .node("Shape", ["big"], ["s"]), .node("Slice", ["s", "two", "four", "zero"], ["hw"]),
          .node("Shape", ["small"], ["t"]), .node("Slice", ["t", "zero", "two", "zero"], ["nc"]),
          .node("Concat", ["nc", "hw"], ["sizes"], [("axis", .int(0))]),
          .node(
            "Resize", ["small", "", "", "sizes"], ["up"],
            [
              ("mode", .string("nearest")), ("coordinate_transformation_mode", .string("asymmetric")),
              ("nearest_mode", .string("floor")),
            ]),
          .node("Add", ["up", "big"], ["y"]),
        ], inputs: [.value("small", .f32, ["1", "2", "h", "w"]), .value("big", .f32, ["1", "2", "H", "W"])],
        outputs: [.value("y")], initializers: [("two", longs(2)), ("four", longs(4)), ("zero", longs(0))]))
    #expect(OnnxRunner.eagerOps(OnnxRunner.check(model)).isEmpty)
    let inputs = ["small": OnnxRunner.numbers([1, 2, 3, 4]), "big": OnnxRunner.numbers([1, 2, 6, 8])]
    let native = try OnnxRunner.run(model, inputs)["y"]
    OnnxRunner.expectClose(native, try OnnxRunner.run(model, inputs, rules: OnnxRules([]))["y"])
  }

  private func longs(_ values: Int...) -> Tensor { Tensor(shape: [values.count], values.map { Int64($0) }) }

  @Test func functionsAreOpenedWithTheirAttributes() throws {
    let function = OnnxBytes.function(
      "Leak", [.node("LeakyRelu", ["a"], ["b"], [("alpha", .reference("slope"))])], inputs: ["a"], outputs: ["b"],
      attributes: ["slope"])
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Leak", ["x"], ["y"], [("slope", .float(0.5))], domain: "own")], inputs: [.value("x", .f32, ["3"])],
        outputs: [.value("y")]), domains: ["own"], functions: [function])
    let y = try OnnxRunner.run(model, ["x": Tensor(shape: [3], [-2, 0, 4] as [Float])])["y"]
    #expect(y == Tensor(shape: [3], [-1, 0, 4] as [Float]))
  }

  @Test func inputsWithInitialisersAreWeights() throws {
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Add", ["x", "w"], ["y"])], inputs: [.value("x", .f32, ["2"]), .value("w", .f32, ["2"])],
        outputs: [.value("y")], initializers: [("w", Tensor(shape: [2], [1, 2] as [Float]))]), opset: 8)
    let checked = OnnxRunner.check(model)
    #expect(checked.graph.inputs.map(\.name) == ["x"])
    #expect(
      try OnnxRunner.run(model, ["x": Tensor(shape: [2], [3, 4] as [Float])])["y"]
        == Tensor(shape: [2], [4, 6] as [Float]))
  }

  @Test func anyValueCanBeTapped() throws {
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Relu", ["x"], ["a.b/c"]), .node("Neg", ["a.b/c"], ["y"])], inputs: [.value("x", .f32, ["2"])],
        outputs: [.value("y")]))
    var files = MemoryFiles()
    files.texts["m.onnx"] = ""
    files.texts["g.json"] = """
      {"format": 1, "inputs": {"x": "tensor<f32>[2]"},
       "nodes": {"net": {"op": "m.onnx", "in": {"x": "@x"}}},
       "outputs": {"tapped": "net.a.b/c", "y": "net.y"}}
      """
    let library = GraphLibrary(access: files, sources: [OnnxRunner.Source(models: ["m.onnx": model])])
    let checked = Checker.check("g.json", registry: .linked, library: library)
    #expect(checked.isSound, "\(checked.faults)")
    #expect(checked.graph.nodes.map(\.op.name) == ["nn.relu", "math.neg"])
    files.texts["g.json"] = files.texts["g.json"]!.replacing("net.a.b/c", with: "net.a.b/d")
    let other = GraphLibrary(access: files, sources: [OnnxRunner.Source(models: ["m.onnx": model])])
    let wrong = Checker.check("g.json", registry: .linked, library: other)
    #expect(wrong.faults.first?.text.contains("node \"net\" has no output \"a.b/d\"") == true)
  }

  @Test func mistakesNameFileNodeAndCause() {
    func fault(_ nodes: [OnnxBytes], domains: [String] = []) -> String? {
      OnnxRunner.fault(
        OnnxBytes.model(
          OnnxBytes.graph(nodes, inputs: [.value("x", .f32, ["2"])], outputs: [.value("y")]), domains: domains)
      )?.message
    }
    #expect(
      fault([.node("Rellu", ["x"], ["y"], name: "act")])
        == "m.onnx: Rellu \"act\": there is no operator \"Rellu\" (did you mean \"Relu\"?) in version 17")
    #expect(
      fault([.node("Relu", ["x"], ["y"], [("slop", .float(1))])])
        == "m.onnx: Relu that makes \"y\": the operator has no attribute \"slop\"")
    #expect(
      fault([.node("Thing", ["x"], ["y"], domain: "elsewhere")])
        == "m.onnx: elsewhere.Thing that makes \"y\" is of the domain \"elsewhere\", of which the model names no version"
    )
    #expect(
      fault([.node("Thing", ["x"], ["y"], domain: "elsewhere")], domains: ["elsewhere"])
        == "m.onnx: elsewhere.Thing that makes \"y\": there is no operator \"elsewhere.Thing\" in version 1")
    #expect(
      fault([.node("Relu", ["z"], ["y"])]) == "m.onnx: Relu that makes \"y\" reads \"z\", which nothing before it makes"
    )
    #expect(fault([.node("Relu", ["x"], ["z"])]) == "m.onnx is not a valid ONNX file: nothing makes its output \"y\"")
  }
}
