import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct GlobalMaxPoolTests {
  let harness = OpHarness([GlobalMaxPool.op, GlobalMaxPoolGradient.op])

  @Test func `values are the largest of planes, and NaN comes through`() throws {
    let x = Tensor(shape: [1, 2, 2, 2], [-4, -1, -3, -2, 1, .nan, 7, 2] as [Float])
    let y = try harness.evaluate(GlobalMaxPool.op, ["x": x], ["keep_dims": false])[0]
    #expect(y.shape == [1, 2])
    #expect(y.elements(Float.self)[0] == -1)
    #expect(y.elements(Float.self)[1].isNaN)
  }

  @Test func `gradients agree with differences, and go to the first of equals`() throws {
    var random = TestRandom(seed: 63)
    let x = Tensor(shape: [2, 3, 4], (0..<24).map { Float($0) / 8 }.shuffled(using: &random))
    #expect(try harness.gradientError(GlobalMaxPool.op, ["x": x]) < 2e-3)
    let dx = try harness.evaluate(
      GlobalMaxPoolGradient.op,
      ["x": Tensor(shape: [1, 1, 4], [1, 3, 3, 2] as [Float]), "dy": Tensor(shape: [1, 1, 1], [5] as [Float])])
    #expect(dx == [Tensor(shape: [1, 1, 4], [0, 5, 0, 0] as [Float])])
  }

  @Test func `shapes follow from symbols`() throws {
    #expect(try harness.infer(GlobalMaxPool.op, ["x": "tensor<f32>[N,C,L]"]) == ["tensor<f32>[N,C,1]"])
    #expect(
      harness.refusal(GlobalMaxPool.op, ["x": "tensor<f32>[C]"]) == "x: rank 1 ([C]) where at least 3 is needed")
  }
}
