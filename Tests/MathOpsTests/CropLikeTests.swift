import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct CropLikeTests {
  @Test func `a corner or the middle`() throws {
    let ops = OpHarness([CropLike.op, Unslice.op])
    let x = Tensor(shape: [1, 4, 4], (0..<16).map(Float.init))
    let like = Tensor.zeros(.f32, shape: [2, 2])
    #expect(try ops.evaluate(CropLike.op, ["x": x, "like": like])[0].elements(Float.self) == [0, 1, 4, 5])
    #expect(
      try ops.evaluate(CropLike.op, ["x": x, "like": like], ["centre": true])[0].elements(Float.self) == [5, 6, 9, 10])
    #expect(try ops.gradientError(CropLike.op, ["x": x, "like": like], ["centre": true], wrt: ["x"]) < 1e-3)
    #expect(
      ops.refusal(CropLike.op, ["x": "tensor<f32>[3,2,2]", "like": "tensor<f32>[2,4]"])
        == "dimension 2 of x is 2; there are no 4 to cut out")
  }
}
