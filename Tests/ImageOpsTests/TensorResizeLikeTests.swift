import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct TensorResizeLikeTests {
  let ops = OpHarness([TensorResizeLike.op, TensorResize.op, TensorResize.gradient])

  @Test func `it is tensor.resize to the other's size`() throws {
    var random = TestRandom(seed: 4)
    let x = Tensor(shape: [1, 2, 5, 7], random.floats(70))
    let like = Tensor.zeros(.f32, shape: [1, 9, 8, 3])
    for mode in ["nearest", "bilinear", "bicubic"] {
      let y = try ops.evaluate(TensorResizeLike.op, ["x": x, "like": like], ["mode": .string(mode)])[0]
      let same = try ops.evaluate(
        TensorResize.op, ["x": x], ["mode": .string(mode), "size": .array([.int(8), .int(3)])])[0]
      #expect(y == same)
    }
    #expect(try ops.evaluate(TensorResizeLike.op, ["x": x, "like": x])[0] == x)
    #expect(try ops.gradientError(TensorResizeLike.op, ["x": x, "like": like], wrt: ["x"]) < 2e-3)
  }

  @Test func shapes() throws {
    #expect(
      try ops.infer(TensorResizeLike.op, ["x": "tensor<f32>[1,3,H,W] rgb 0..1", "like": "tensor<f32>[2,9,P,Q]"])
        == ["tensor<f32>[1,3,P,Q] rgb 0..1"])
  }
}
