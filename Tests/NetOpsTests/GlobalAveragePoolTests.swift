import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct GlobalAveragePoolTests {
  let harness = OpHarness([GlobalAveragePool.op, GlobalAveragePoolGradient.op])

  @Test func `values are means of planes`() throws {
    var random = TestRandom(seed: 61)
    let x = random.floats(2 * 3 * 4 * 5)
    let y = try harness.evaluate(GlobalAveragePool.op, ["x": Tensor(shape: [2, 3, 4, 5], x)])[0]
    let expected = (0..<6).map { plane in (0..<20).reduce(0.0) { $0 + Double(x[plane * 20 + $1]) } / 20 }
    #expect(y.shape == [2, 3, 1, 1])
    #expect(largestError(y.elements(Float.self), expected) < 1e-7)
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 62)
    let x = Tensor(shape: [2, 3, 4, 5], random.floats(120))
    #expect(try harness.gradientError(GlobalAveragePool.op, ["x": x]) < 2e-3)
    #expect(try harness.gradientError(GlobalAveragePool.op, ["x": x], ["keep_dims": false]) < 2e-3)
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    let x = "tensor<f32>[N,512,H,W] NCHW"
    #expect(try harness.infer(GlobalAveragePool.op, ["x": x]) == ["tensor<f32>[N,512,1,1] NCHW"])
    #expect(try harness.infer(GlobalAveragePool.op, ["x": x], ["keep_dims": false]) == ["tensor<f32>[N,512]"])
    #expect(
      harness.refusal(GlobalAveragePool.op, ["x": "tensor<f32>[N,512]"])
        == "x: rank 2 ([N,512]) where at least 3 is needed")
  }
}
