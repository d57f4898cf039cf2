import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// `weft models export`: what is written computes what the graph computes. ONNX Runtime says the same of it in
/// `Tools/reference/onnx_export.py`.
@Suite struct ModelsExportTests {
  /// Exports a network, runs it both ways on the same numbers, and gives the largest difference and the largest value.
  private func difference(
    _ program: WeftProgram, _ network: String, weights: String?, shape: [Int], params: [String] = [],
    outputs: [String]
  ) throws -> (Double, Double) {
    let extents = shape.map(String.init).joined(separator: ",")
    let named = weights.map { ["--weights", $0] } ?? []
    let exported = try program.run(
      ["models", "export", network, "x=\(extents)", "--out", "net.onnx"] + params + named)
    try #require(exported.status == 0, "\(exported.errors)")
    try NPY.write(OnnxModelsTests.input(shape), to: program.folder.appendingPathComponent("x.npy").path)
    let with = params.map { text in
      let parts = text.split(separator: "=")
      return "\"\(parts[0])\": \(parts[1])"
    }
    let bound = weights.map { ", \"weights\": \"\($0)\"" } ?? ""
    let ports = outputs.map { "\"\($0)\": \"net.\($0)\"" }
    try program.write(
      """
      { "format": 1, "inputs": { "x": "tensor<f32>[\(extents)]" },
        "nodes": { "net": { "op": "\(network)", "in": { "x": "@x" }, "with": { \(with.joined(separator: ", ")) }\(bound) } },
        "outputs": { \(ports.joined(separator: ", ")) } }
      """, "call.json")
    var (largest, size) = (0.0, 0.0)
    for (graph, out) in [("call.json", "own"), ("net.onnx", "foreign")] {
      let outcome = try program.run(["run", graph, "x=x.npy", "--out", out, "--cache", "off"])
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    for name in outputs {
      let files = ["own", "foreign"].map { program.folder.appendingPathComponent("\($0)/\(name).npy").path }
      let (own, foreign) = (try NPY.read(files[0]), try NPY.read(files[1]))
      #expect(own.shape == foreign.shape)
      for (a, b) in zip(own.elements(Float.self), foreign.elements(Float.self)) {
        largest = max(largest, abs(Double(a) - Double(b)))
        size = max(size, abs(Double(a)))
      }
    }
    return (largest, size)
  }

  @Test func networksThatShipKeepTheirNumbers() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    for (network, weights, shape, output) in [
      ("networks/vgg-mini.json", "models/vgg-mini.safetensors", [2, 3, 32, 32], "scores"),
      ("networks/lips.json", "models/lipstick-glaze.safetensors", [1, 3, 30, 90], "y"),
      ("networks/face-detector-mini.json", "models/face-detector-mini.safetensors", [1, 1, 96, 96], "points"),
    ] {
      let (largest, size) = try difference(program, network, weights: weights, shape: shape, outputs: [output])
      #expect(size > 0.5 && largest <= 1e-4 * size, "\(network): \(largest) of \(size)")
    }
  }

  /// A network with a use of every kind that is written, and its weights.
  private func everything(_ program: WeftProgram) throws {
    var nodes = ""
    func node(_ name: String, _ op: String, _ inputs: String, _ with: String = "") {
      nodes += "\"\(name)\": { \"op\": \"\(op)\", \"in\": { \(inputs) }, \"with\": { \(with) } },\n"
    }
    func x(_ name: String) -> String { "\"x\": \"\(name)\"" }
    node(
      "reflected", "nn.conv2d", x("@x"),
      "\"channels\": 8, \"kernel\": 3, \"padding\": [1, 2], \"pad_mode\": \"reflect\"")
    node(
      "same", "nn.conv2d", x("reflected"), "\"channels\": 6, \"kernel\": [4, 3], \"stride\": 2, \"padding\": \"same\"")
    node(
      "grouped", "nn.conv2d", x("same"),
      "\"channels\": 8, \"kernel\": 3, \"groups\": 2, \"padding\": 2, \"dilation\": 2, \"bias\": false")
    node("bn", "nn.batch_norm", x("grouped"), "\"epsilon\": 0.001")
    node("prelu", "nn.prelu", x("bn"))
    node(
      "up", "nn.conv_transpose2d", x("prelu"), "\"channels\": 4, \"kernel\": 3, \"stride\": 2, \"padding\": \"same\"")
    node(
      "up2", "nn.conv_transpose2d", x("prelu"),
      "\"channels\": 4, \"kernel\": 4, \"stride\": 2, \"padding\": 1, \"output_padding\": 1")
    node("norm", "nn.instance_norm", x("up"))
    node("plain", "nn.instance_norm", x("up2"), "\"affine\": false")
    node("cut", "tensor.crop", x("plain"), "\"top\": 1, \"left\": 1, \"height\": 14, \"width\": 18")
    node("flip", "tensor.flip", x("cut"), "\"axes\": [2, 3]")
    node(
      "part", "tensor.slice", x("norm"), "\"axes\": [2, 3], \"begin\": [0, -18], \"end\": [14, 99], \"step\": [1, 1]")
    node("join", "tensor.concat", "\"x\": [\"flip\", \"part\"]", "\"axis\": 1")
    node("max", "nn.max_pool", x("join"), "\"kernel\": 3, \"stride\": 2, \"ceil\": true")
    node(
      "mean", "nn.average_pool", x("join"),
      "\"kernel\": 3, \"stride\": 2, \"padding\": 1, \"count_include_pad\": false, \"ceil\": true")
    node("counted", "nn.average_pool", x("join"), "\"kernel\": [3, 3], \"stride\": 2, \"padding\": 1")
    node("elu", "nn.elu", x("max"), "\"alpha\": 0.7")
    node("leaky", "nn.leaky_relu", x("mean"), "\"slope\": 0.2")
    node("silu", "nn.silu", x("counted"))
    node("small", "tensor.resize", x("elu"), "\"size\": [5, 6]")
    node("large", "tensor.resize", x("leaky"), "\"scale\": 2")
    node(
      "wide", "tensor.resize", x("silu"), "\"size\": [9, 12], \"mode\": \"bicubic\", \"convention\": \"align_corners\"")
    node("twice", "tensor.resize", x("small"), "\"scale\": 2, \"mode\": \"nearest\"")
    node("edge", "tensor.pad", x("wide"), "\"before\": [0, 1], \"after\": [2, 0], \"mode\": \"replicate\"")
    node("value", "tensor.pad", x("twice"), "\"before\": [1, 1], \"after\": [0, 0], \"value\": 0.5")
    node("scaled", "math.scale", x("edge"), "\"by\": -1.5, \"offset\": 0.25")
    node("clipped", "math.clip", x("value"), "\"max\": 0.8")
    node("tanh", "nn.tanh", x("large"))
    node("pooled", "nn.global_average_pool", x("tanh"))
    node("flat", "tensor.flatten", x("pooled"), "\"start\": 1")
    node("first", "math.mean", x("scaled"), "\"axes\": [2, -1]")
    node("second", "math.sum", x("clipped"), "\"axes\": [2, 3]")
    node("sum", "math.add", "\"a\": \"first\", \"b\": \"second\"")
    node("drop", "nn.dropout", x("sum"), "\"training\": false")
    node("gate", "nn.sigmoid", x("flat"))
    node("product", "math.mul", "\"a\": \"drop\", \"b\": \"gate\"")
    node("fc", "nn.linear", x("product"), "\"features\": 5")
    node("rows", "tensor.unsqueeze", x("fc"), "\"axes\": 1")
    node("fc2", "nn.linear", x("rows"), "\"features\": 7, \"bias\": false")
    node("turned", "tensor.transpose", x("fc2"), "\"order\": [0, 2, 1]")
    node("soft", "nn.softmax", x("turned"), "\"axis\": 1")
    node("unit", "nn.l2norm", x("fc2"))
    nodes = String(nodes.dropLast(2))
    try program.write(
      """
      { "format": 1, "name": "everything", "inputs": { "x": "tensor<f32>[N,C,H,W]" },
        "nodes": { \(nodes) }, "outputs": { "soft": "soft", "unit": "unit", "wide": "edge" } }
      """, "net.json")
    let shapes: [(String, [Int])] = [
      ("reflected.weight", [8, 3, 3, 3]), ("reflected.bias", [8]), ("same.weight", [6, 8, 4, 3]), ("same.bias", [6]),
      ("grouped.weight", [8, 3, 3, 3]), ("bn.scale", [8]), ("bn.shift", [8]), ("bn.mean", [8]), ("bn.variance", [8]),
      ("prelu.slope", [8]), ("up.weight", [8, 4, 3, 3]), ("up.bias", [4]), ("up2.weight", [8, 4, 4, 4]),
      ("up2.bias", [4]), ("norm.scale", [4]), ("norm.shift", [4]), ("fc.weight", [5, 8]), ("fc.bias", [5]),
      ("fc2.weight", [7, 5]),
    ]
    let tensors = shapes.map { name, shape in
      let tensor = HashedWeights.tensor(name, shape)
      guard name == "bn.variance" else { return (name, tensor) }
      return (name, Tensor(shape: shape, tensor.elements(Float.self).map { 0.5 + abs($0) }))
    }
    try Safetensors.write(tensors, to: program.folder.appendingPathComponent("w.safetensors").path)
  }

  @Test func everyKindOfOpKeepsItsNumbers() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try everything(program)
    let (largest, size) = try difference(
      program, "net.json", weights: "w.safetensors", shape: [2, 3, 15, 20], outputs: ["soft", "unit", "wide"])
    #expect(size > 0.5 && largest < 2e-5, "\(largest) of \(size)")
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      { "format": 1, "inputs": { "x": "tensor<f32>[N,4]" },
        "nodes": { "rolled": { "op": "tensor.roll", "in": { "x": "@x" }, "with": { "shift": [1], "axes": [1] } } },
        "outputs": { "y": "rolled" } }
      """, "roll.json")
    func message(_ arguments: String...) throws -> String {
      let outcome = try program.run(["models", "export"] + arguments + ["--out", "y.onnx"])
      #expect(outcome.status == 2)
      return outcome.errors
    }
    #expect(
      try message("roll.json", "x=2,4")
        == "error[onnx-export]: rolled: tensor.roll has no form in ONNX that Weft writes\n")
    #expect(
      try message("roll.json")
        == "error[network]: input \"x\" is tensor<f32>[N,4]: give its extents, as in x=1,3,64,64\n")
    #expect(
      try message("networks/lips.json", "x=1,3,30,90").contains(
        "the network has no weights yet; name a file with --weights"))
    #expect(try message("networks/lips.json", "x=1,3,0,90").contains("\"x=1,3,0,90\" does not give extents"))
  }

  @Test func aNetworkIsListedLayerByLayer() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run(["models", "inspect", "networks/lips.json", "x=1,3,30,90"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("lips: ") && lines[0].hasSuffix("11655 parameters"))
    #expect(lines.contains { $0.contains("nn.conv2d") && $0.contains("[1, 24, 30, 90]") && $0.hasSuffix(" 672") })
    let json = try program.run(["models", "inspect", "networks/lips.json", "x=1,3,30,90", "--json"])
    #expect(json.items.first?["parameters"] as? Int == 11655)
  }
}
