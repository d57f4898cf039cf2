import Foundation
import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct BatchNormFoldingTests {
  @Test func theFoldedConvolutionComputesBoth() throws {
    let names = ["s", "h", "m", "v"]
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [
          .node("Conv", ["x", "w", "b"], ["c"], [("pads", .ints([1, 1, 1, 1]))]),
          .node("BatchNormalization", ["c"] + names, ["y"], [("epsilon", .float(1e-3))]),
        ], inputs: [.value("x", .f32, ["1", "3", "8", "9"])], outputs: [.value("y")],
        initializers: [("w", OnnxRunner.numbers([300, 3, 3, 3])), ("b", OnnxRunner.numbers([300]))]
          + names.enumerated().map { ($1, OnnxRunner.numbers([300], shift: $0 == 3 ? 1.5 : 0.2)) }))
    // Weights of a file are read when the graph runs: it must be there.
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let path = folder.appendingPathComponent("bn.onnx").path
    try Data(model).write(to: URL(fileURLWithPath: path))
    let x = ["x": OnnxRunner.numbers([1, 3, 8, 9])]
    let folded = try OnnxRunner.run(model, x, path: path)["y"]
    let plain = try OnnxRunner.run(model, x, optimises: false, path: path)["y"]
    OnnxRunner.expectClose(folded, plain)
    let ops = OnnxRunner.check(model, path: path).graph.nodes.map(\.op.name)
    #expect(ops == ["weights.folded_convolution", "nn.conv2d"])
    #expect(OnnxRunner.check(model, optimises: false, path: path).graph.nodes.last?.op.name == "nn.batch_norm")
  }
}
