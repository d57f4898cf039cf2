import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct UnfoldTests {
  let ops = OpHarness([Unfold.op, Unfold.gradient])

  @Test func `patches are rows`() throws {
    let x = Tensor(shape: [1, 2, 3, 3], (0..<18).map(Float.init))
    let y = try ops.evaluate(Unfold.op, ["x": x], ["kernel": 2])[0]
    #expect(y.shape == [4, 8])
    #expect(Array(y.elements(Float.self)[24..<32]) == [4, 5, 7, 8, 13, 14, 16, 17])
    let apart = try ops.evaluate(Unfold.op, ["x": x], ["kernel": 1, "stride": 2])[0]
    #expect(apart == Tensor(shape: [4, 2], [0, 9, 2, 11, 6, 15, 8, 17] as [Float]))
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom()
    let x = Tensor(shape: [1, 2, 5, 4], random.floats(40))
    #expect(try ops.gradientError(Unfold.op, ["x": x], ["kernel": 3]) < 1e-3)
    #expect(try ops.gradientError(Unfold.op, ["x": x], ["kernel": 2, "stride": 2]) < 1e-3)
  }

  @Test func shapes() throws {
    #expect(try ops.infer(Unfold.op, ["x": "tensor<f32>[1,C,8,10]"]) == ["tensor<f32>[48,9*C]"])
    #expect(
      ops.refusal(Unfold.op, ["x": "tensor<f32>[1,4,2,9]"]) == "x: dimension 2 is 2, smaller than a patch of 3")
    #expect(
      ops.refusal(Unfold.op, ["x": "tensor<f32>[2,4,9,9]"])
        == "x: dimension 0 is 2 where 1 is needed (patches are cut from one item)")
  }
}
