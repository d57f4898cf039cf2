import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct L2NormTests {
  let harness = OpHarness([L2Norm.op, L2NormGradient.op])

  @Test func `values have length one along the axis`() throws {
    let x = Tensor(shape: [2, 2, 2], [3, 0, 4, 5, 0, 0, 0, 2] as [Float])
    let along = try harness.evaluate(L2Norm.op, ["x": x], ["axis": 1])[0]
    #expect(largestError(along.elements(Float.self), [0.6, 0, 0.8, 1, 0, 0, 0, 1]) < 1e-7)
    let last = try harness.evaluate(L2Norm.op, ["x": x], ["epsilon": 4])[0]
    let root = 41.0.squareRoot()
    #expect(largestError(last.elements(Float.self), [0.75, 0, 4 / root, 5 / root, 0, 0, 0, 0.5]) < 1e-7)
  }

  @Test func `gradients agree with differences, below epsilon too`() throws {
    var random = TestRandom(seed: 74)
    let x = Tensor(shape: [2, 5, 3], random.floats(30))
    for axis in [0, 1, -1] {
      #expect(try harness.gradientError(L2Norm.op, ["x": x], ["axis": .int(axis)], step: 3e-3) < 5e-3)
    }
    #expect(try harness.gradientError(L2Norm.op, ["x": x], ["epsilon": 100]) < 2e-3)
  }

  @Test func `shapes follow, and the axis must exist`() throws {
    #expect(try harness.infer(L2Norm.op, ["x": "tensor<f32>[N,128]"]) == ["tensor<f32>[N,128]"])
    #expect(
      harness.refusal(L2Norm.op, ["x": "tensor<f32>[N,128]"], ["axis": 2])
        == "param \"axis\" is 2, but the input has 2 dimensions")
  }
}
