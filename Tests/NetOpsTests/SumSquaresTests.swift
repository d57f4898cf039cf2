import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct SumSquaresTests {
  let harness = OpHarness([SumSquares.op, DifferenceGradient.op])

  @Test func `values with and without a second tensor`() throws {
    let a = Tensor(shape: [3], [1, 2, 4] as [Float])
    let b = Tensor(shape: [3], [0, 2, 1] as [Float])
    #expect(try harness.evaluate(SumSquares.op, ["a": a, "b": b], ["scale": 0.5]) == [.scalar(5)])
    #expect(try harness.evaluate(SumSquares.op, ["a": a], ["scale": 2]) == [.scalar(42)])
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 33)
    let a = Tensor(shape: [2, 7], random.floats(14))
    let b = Tensor(shape: [2, 7], random.floats(14))
    #expect(try harness.gradientError(SumSquares.op, ["a": a, "b": b], ["scale": 3]) < 2e-3)
    #expect(try harness.gradientError(SumSquares.op, ["a": a], ["scale": -0.5]) < 2e-3)
  }

  @Test func `shapes must be the same`() throws {
    #expect(try harness.infer(SumSquares.op, ["a": "tensor<f32>[C,H]"]) == ["tensor<f32>[]"])
    #expect(
      harness.refusal(SumSquares.op, ["a": "tensor<f32>[3]", "b": "tensor<f32>[4]"])
        == "b: dimension 0 is 4 where 3 is needed (as on a)")
  }
}
