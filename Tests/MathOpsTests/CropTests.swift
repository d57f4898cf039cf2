import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct CropTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([2, 9, 8])
    let y = try harness.evaluate(Crop.op, ["x": x], ["top": 2, "left": 3, "height": 5, "width": 4])[0]
    #expect(y.elements(Float.self) == moved(x, to: [2, 5, 4]) { [$0[0], $0[1] + 2, $0[2] + 3] })
  }

  @Test func gradientMatchesDifferences() throws {
    let attributes: [String: Literal] = ["top": 1, "left": 2, "height": 2, "width": 1]
    #expect(try harness.gradientError(Crop.op, ["x": random([2, 3, 4])], attributes) < 1e-3)
  }

  @Test func shapes() throws {
    let attributes: [String: Literal] = ["top": 3, "height": 6, "width": 4]
    #expect(
      try harness.infer(Crop.op, ["x": "tensor<f32>[3,H,W] rgb CHW"], attributes) == ["tensor<f32>[3,6,4] rgb CHW"])
    #expect(
      harness.refusal(Crop.op, ["x": "tensor<f32>[3,8,8]"], attributes)
        == "top + height is 9, outside dimension 1 of x, which is 8")
    #expect(
      harness.refusal(Crop.op, ["x": "tensor<f32>[3]"], attributes) == "x has 1 dimensions; at least 2 are needed")
  }
}
