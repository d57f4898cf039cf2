import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct OnnxExtentsTests {
  /// Extents of which nothing is known are not taken for one another: NonZero and Unsqueeze of integers leave such.
  @Test func unknownExtentsAreNotEqual() throws {
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [
          .node("Unsqueeze", ["t", "axis"], ["index"]),
          .node("GatherElements", ["x", "index"], ["found"], [("axis", .int(1))]),
          .node("Neg", ["found"], ["loss"]), .node("Squeeze", ["loss", "axis"], ["y"]),
        ],
        inputs: [.value("x", .f32, ["2", "3", "4", "5"]), .value("t", .i64, ["2", "4", "5"])],
        outputs: [.value("y")], initializers: [("axis", Tensor(shape: [1], [Int64(1)]))]), opset: 13)
    let x = OnnxRunner.numbers([2, 3, 4, 5])
    let t = Tensor(shape: [2, 4, 5], (0..<40).map { Int64($0 % 3) })
    let y = try #require(try OnnxRunner.run(model, ["x": x, "t": t])["y"])
    let (all, chosen) = (x.elements(Float.self), t.elements(Int64.self))
    let expected = (0..<40).map { -all[($0 / 20 * 3 + Int(chosen[$0])) * 20 + $0 % 20] }
    #expect(y == Tensor(shape: [2, 4, 5], expected))
  }
}
