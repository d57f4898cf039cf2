import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ClipTests {
  @Test func valuesAreHeldBetweenTheBounds() throws {
    let x = Tensor(shape: [4], [Float]([-1, 0.25, 0.75, 2]))
    #expect(
      try harness.evaluate(Clip.op, ["x": x], ["min": 0, "max": 1])[0].elements(Float.self) == [0, 0.25, 0.75, 1])
    #expect(try harness.evaluate(Clip.op, ["x": x], ["min": 0.5])[0].elements(Float.self) == [0.5, 0.5, 0.75, 2])
  }

  @Test func gradientMatchesDifferences() throws {
    let x = Tensor(shape: [4], [Float]([-1, 0.25, 0.75, 2]))
    #expect(try harness.gradientError(Clip.op, ["x": x], ["min": 0, "max": 1]) < 1e-3)
  }

  @Test func theMeaningStays() throws {
    let x = "tensor<f32>[3,H,W] rgb CHW 0..1"
    #expect(try harness.infer(Clip.op, ["x": x]) == [x])
  }
}
