import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct WeightedSumTests {
  let harness = OpHarness([WeightedSum.op])
  let a = Tensor(shape: [2], [1, 2] as [Float])
  let b = Tensor(shape: [2], [10, 20] as [Float])

  @Test func `values for a weight each, one for all, and none`() throws {
    #expect(
      try harness.evaluate(WeightedSum.op, ["terms": a, "terms": b, "terms": a], ["weights": [2, 0.5, -1]])
        == [Tensor(shape: [2], [6, 12] as [Float])])
    #expect(
      try harness.evaluate(WeightedSum.op, ["terms": a, "terms": b], ["weights": 3])
        == [Tensor(shape: [2], [33, 66] as [Float])])
    #expect(
      try harness.evaluate(WeightedSum.op, ["terms": a, "terms": b]) == [Tensor(shape: [2], [11, 22] as [Float])])
  }

  @Test func `gradients agree with differences`() throws {
    #expect(try harness.gradientError(WeightedSum.op, ["terms": a, "terms": b], ["weights": [2, -3]]) < 2e-3)
  }

  @Test func `shapes and counts must agree`() throws {
    #expect(
      try harness.infer(WeightedSum.op, ["terms": "tensor", "terms": "tensor<f32>[N,3]"]) == ["tensor<f32>[N,3]"])
    #expect(
      harness.refusal(WeightedSum.op, ["terms": "tensor<f32>[]", "terms": "tensor<f32>[1]"])
        == "terms: item 1 is [1] where the first is []")
    #expect(
      harness.refusal(WeightedSum.op, ["terms": "tensor<f32>[]", "terms": "tensor<f32>[]"], ["weights": [1, 2, 3]])
        == "param \"weights\" has 3 numbers for 2 terms")
  }
}
