import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct SqueezeTests {
  @Test func elementsStay() throws {
    let x = random([1, 3, 1, 2])
    #expect(try harness.evaluate(Squeeze.op, ["x": x])[0] == x.reshaped([3, 2]))
    #expect(try harness.evaluate(Squeeze.op, ["x": x], ["axes": -2])[0] == x.reshaped([1, 3, 2]))
    #expect(
      try harness.evaluate(Squeeze.unsqueeze, ["x": x], ["axes": list(0, -1)])[0] == x.reshaped([1, 1, 3, 1, 2, 1]))
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Squeeze.op, ["x": random([1, 3])]) < 1e-3)
    #expect(try harness.gradientError(Squeeze.unsqueeze, ["x": random([3])]) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,W] rgb NCHW 0..1"]
    #expect(try harness.infer(Squeeze.op, x, ["axes": 0]) == ["tensor<f32>[3,H,W] rgb CHW 0..1"])
    #expect(try harness.infer(Squeeze.op, x) == ["tensor<f32>"])
    #expect(
      try harness.infer(Squeeze.unsqueeze, ["x": "tensor<f32>[3,H,W] rgb CHW"]) == ["tensor<f32>[1,3,H,W] rgb NCHW"])
    #expect(
      harness.refusal(Squeeze.op, x, ["axes": 1])
        == "dimension 1 of x is 3; only a dimension of 1 can be dropped")
  }
}
