import Foundation
import Models
import Tensors
import TestSupport
import Testing

@Suite struct ModelsInspectTests {
  private func withModel(_ body: (WeftProgram) throws -> Void) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let weight = Tensor(Float.self, shape: [4, 3, 3, 3]) { $0.initialize(repeating: 1) }
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Conv", ["x", "w"], ["c"]), .node("Relu", ["c"], ["y"])],
        inputs: [.value("x", .f32, ["1", "3", "h", "w"])], outputs: [.value("y")], initializers: [("w", weight)]))
    try Data(model).write(to: program.folder.appendingPathComponent("m.onnx"))
    try body(program)
  }

  @Test func aModelIsDescribed() throws {
    try withModel { program in
      let outcome = try program.run(["models", "inspect", "m.onnx", "x=1,3,10,10"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("  x: tensor<f32>[1,3,h,w]"))
      #expect(outcome.output.contains("  1 Conv\n  1 Relu\nparameters: 108 (432 B)"))
      let open = try program.run(["models", "inspect", "m.onnx"])
      #expect(open.output.contains("operations of one run: give sizes: x=…"))
    }
  }

  @Test func asDataItCountsOperations() throws {
    try withModel { program in
      let outcome = try program.run(["models", "inspect", "m.onnx", "x=1,3,10,10", "--json"])
      let item = try #require(outcome.items.first)
      // Two for each multiplication of 64 places, 4 channels and 27 numbers, one for each element of the rectifier.
      #expect((item["operations"] as? Double ?? 0) >= 2 * 64 * 4 * 27)
      #expect(item["parameters"] as? Int == 108)
      #expect(item["compiled"] as? Int == 2)
    }
  }

  @Test func wrongSizesAndFilesAreNamed() throws {
    try withModel { program in
      let size = try program.run(["models", "inspect", "m.onnx", "x=1,4,10,10"])
      #expect(size.status == 2)
      #expect(size.errors.contains("input \"x\": dimension 1: 4 where 3 is needed"))
      #expect(try program.run(["models", "inspect", "m.onnx", "x=a"]).errors.contains("not of the form"))
    }
  }
}
