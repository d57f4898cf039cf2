import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

/// Operators of sets before 7 against the same use in the words of set 7.
@Suite struct OnnxNodeLegacyTests {
  private func model(
    _ op: String, _ shapes: [[Int]], _ attributes: [(String, OnnxBytes.Attribute)], opset: Int, dtype: DType = .f32
  ) -> [UInt8] {
    let names = shapes.indices.map { "x\($0)" }
    return OnnxBytes.model(
      OnnxBytes.graph(
        [OnnxBytes.node(op, names, ["y"], attributes, name: "n")],
        inputs: zip(names, shapes).map { OnnxBytes.value($0, dtype, $1.map(String.init)) }, outputs: [.value("y")]),
      opset: opset)
  }

  @Test func theSecondTensorIsStretchedFromAnAxisOn() throws {
    let a = OnnxRunner.numbers([2, 3, 4])
    for (axis, shape, seen) in [(0, [2], [2, 1, 1]), (1, [3], [3, 1]), (-1, [4], [4]), (1, [3, 4], [3, 4])] {
      let b = OnnxRunner.numbers(shape, shift: 2)
      for op in ["Add", "Sub", "Mul", "Div"] {
        let old = try OnnxRunner.run(
          model(op, [[2, 3, 4], shape], [("broadcast", .int(1)), ("axis", .int(axis))], opset: 6), ["x0": a, "x1": b])
        let new = try OnnxRunner.run(model(op, [[2, 3, 4], seen], [], opset: 7), ["x0": a, "x1": b.reshaped(seen)])
        #expect(old["y"] == new["y"], "\(op) from axis \(axis)")
      }
    }
    let integers = try OnnxRunner.run(
      model("Add", [[2, 2], [2]], [("broadcast", .int(1)), ("axis", .int(0))], opset: 6, dtype: .i32),
      ["x0": Tensor(shape: [2, 2], [1, 2, 3, 4] as [Int32]), "x1": Tensor(shape: [2], [10, 20] as [Int32])])
    #expect(integers["y"] == Tensor(shape: [2, 2], [11, 12, 23, 24] as [Int32]))
  }

  @Test func aSlopeBelongsToAChannel() throws {
    let (x, slope) = (OnnxRunner.numbers([2, 3, 2]), OnnxRunner.numbers([3], shift: 1))
    let old = try OnnxRunner.run(model("PRelu", [[2, 3, 2], [3]], [], opset: 6), ["x0": x, "x1": slope])
    let new = try OnnxRunner.run(
      model("PRelu", [[2, 3, 2], [3, 1]], [], opset: 7), ["x0": x, "x1": slope.reshaped([3, 1])])
    #expect(old["y"] == new["y"])
  }

  @Test func whatDoesNotFitOrTrainsIsRefused() throws {
    let misfit = model("Add", [[2, 3], [3, 2]], [("broadcast", .int(1)), ("axis", .int(1))], opset: 6)
    #expect(
      OnnxRunner.fault(misfit)?.message == "m.onnx: Add \"n\" cannot stretch its second input from the axis 1 on")
    let shapes = [[2, 3, 4], [3], [3], [3], [3]]
    #expect(
      OnnxRunner.fault(model("BatchNormalization", shapes, [], opset: 6))?.message
        == "m.onnx: BatchNormalization \"n\" trains (is_test is not 1), which is not supported before version 7")
    #expect(OnnxRunner.fault(model("BatchNormalization", shapes, [("is_test", .int(1))], opset: 6)) == nil)
  }
}
