import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct MSETests {
  let harness = OpHarness([MSE.op, DifferenceGradient.op])

  @Test func `each reduction is the sum of squares times its factor`() throws {
    var random = TestRandom(seed: 31)
    let a = random.floats(2 * 3 * 4 * 5)
    let b = random.floats(2 * 3 * 4 * 5)
    let sum = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
    let factors = ["mean": 1 / 120.0, "sum": 1, "coursera_content": 1 / (4 * 60.0), "coursera_style": 1 / 480.0]
    for (name, factor) in factors {
      let loss = try harness.evaluate(
        MSE.op, ["a": Tensor(shape: [2, 3, 4, 5], a), "b": Tensor(shape: [2, 3, 4, 5], b)],
        ["reduction": .string(name)])[0]
      #expect(loss.shape == [])
      #expect(largestError(loss.elements(Float.self), [factor * sum]) < 1e-6)
    }
  }

  @Test func `gradients of both sides agree with differences`() throws {
    var random = TestRandom(seed: 32)
    for name in ["mean", "sum", "coursera_content", "coursera_style"] {
      let error = try harness.gradientError(
        MSE.op,
        ["a": Tensor(shape: [1, 2, 3, 4], random.floats(24)), "b": Tensor(shape: [1, 2, 3, 4], random.floats(24))],
        ["reduction": .string(name)])
      #expect(error < 2e-3)
    }
  }

  @Test func `shapes must be the same`() throws {
    #expect(try harness.infer(MSE.op, ["a": "tensor<f32>[C,H]", "b": "tensor<f32>[C,H]"]) == ["tensor<f32>[]"])
    #expect(
      harness.refusal(MSE.op, ["a": "tensor<f32>[1,64,H/4,W]", "b": "tensor<f32>[1,64,H/8,W]"])
        == "b: dimension 2 is H/8 where H/4 is needed (as on a)")
    #expect(
      harness.refusal(MSE.op, ["a": "tensor<f32>[3,4]", "b": "tensor<f32>[3]"])
        == "b: rank 1 ([3]) where 2, as on a, is needed")
  }
}
