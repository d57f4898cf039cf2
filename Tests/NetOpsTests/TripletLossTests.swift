import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct TripletLossTests {
  let harness = OpHarness([TripletLoss.op, TripletLossGradient.op])

  @Test func `satisfied margins cost nothing, violated ones their excess`() throws {
    let inputs: KeyValuePairs<String, Tensor> = [
      "anchor": Tensor(shape: [2, 2], [0, 0, 0, 0] as [Float]),
      "positive": Tensor(shape: [2, 2], [1, 0, 2, 1] as [Float]),
      "negative": Tensor(shape: [2, 2], [3, 0, 1, 1] as [Float]),
    ]
    #expect(try harness.evaluate(TripletLoss.op, inputs, ["alpha": 0.5]) == [.scalar(3.5)])
    #expect(try harness.evaluate(TripletLoss.op, inputs, ["alpha": 0.5, "reduction": "mean"]) == [.scalar(1.75)])
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 41)
    let inputs: KeyValuePairs<String, Tensor> = [
      "anchor": Tensor(shape: [4, 6], random.floats(24)), "positive": Tensor(shape: [4, 6], random.floats(24)),
      "negative": Tensor(shape: [4, 6], random.floats(24)),
    ]
    #expect(try harness.gradientError(TripletLoss.op, inputs, ["alpha": 1], step: 1e-3) < 5e-3)
    #expect(try harness.gradientError(TripletLoss.op, inputs, ["alpha": 9, "reduction": "mean"]) < 2e-3)
  }

  @Test func `shapes must be the same`() throws {
    #expect(
      try harness.infer(
        TripletLoss.op, ["anchor": "tensor<f32>[N,128]", "positive": "tensor<f32>[N,128]", "negative": "tensor<f32>"])
        == ["tensor<f32>[]"])
    #expect(
      harness.refusal(
        TripletLoss.op,
        ["anchor": "tensor<f32>[3,128]", "positive": "tensor<f32>[3,128]", "negative": "tensor<f32>[3,64]"])
        == "dimension 1: 64 where 128 is needed")
  }
}
