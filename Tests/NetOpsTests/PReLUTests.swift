import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct PReLUTests {
  let harness = OpHarness([PReLU.op, PReLUInputGradient.op, PReLUSlopeGradient.op])

  @Test func `values with a slope per channel and one for all`() throws {
    let x = Tensor(shape: [1, 2, 2], [-1, 2, -3, 4] as [Float])
    #expect(
      try harness.evaluate(PReLU.op, ["x": x, "slope": Tensor(shape: [2], [0.5, 2] as [Float])])
        == [Tensor(shape: [1, 2, 2], [-0.5, 2, -6, 4] as [Float])])
    #expect(
      try harness.evaluate(PReLU.op, ["x": x, "slope": Tensor(shape: [1], [0.5] as [Float])])
        == [Tensor(shape: [1, 2, 2], [-0.5, 2, -1.5, 4] as [Float])])
  }

  @Test(arguments: [1, 3]) func `gradients agree with differences`(slopes: Int) throws {
    var random = TestRandom(seed: 75)
    // Away from the kink at 0 by more than the step.
    let x = random.floats(24).map { $0 < 0 ? $0 - 0.05 : $0 + 0.05 }
    let error = try harness.gradientError(
      PReLU.op, ["x": Tensor(shape: [2, 3, 4], x), "slope": Tensor(shape: [slopes], random.floats(slopes))])
    #expect(error < 2e-3)
  }

  @Test func `shapes follow, and slopes fit the channels`() throws {
    let x = "tensor<f32>[N,64,H,W]"
    #expect(try harness.infer(PReLU.op, ["x": x, "slope": "tensor<f32>[1]"]) == [x])
    #expect(try harness.parameters(PReLU.op, ["x": x]) == ["tensor<f32>[64]"])
    #expect(
      harness.refusal(PReLU.op, ["x": x, "slope": "tensor<f32>[3]"])
        == "slope: dimension 0 is 3 where 64 is needed (x has 64 channels)")
  }
}
