import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

@Suite struct FromTensorTests {
  let harness = OpHarness([])

  @Test func valuesAreClampedAndRounded() throws {
    let x = Tensor(shape: [1, 1, 6], [Float]([-1, 0.5 / 255, 1.5 / 255, 0.999, 2, .nan]))
    #expect(try imageResult(FromTensor.op, [x], [:]).elements(UInt8.self) == [0, 0, 2, 255, 255, 0])
    let y = Tensor(shape: [1, 1, 2], [Float]([-1, 1]))
    let attributes: [String: Literal] = ["range": .array([.int(-1), .int(1)]), "bits": .int(16)]
    #expect(try imageResult(FromTensor.op, [y], attributes).elements(UInt16.self) == [0, 65535])
  }

  @Test(arguments: ["NCHW", "NHWC", "CHW", "HWC"]) func undoesToTensor(_ layout: String) throws {
    let bytes = pixels([31, 17, 3])
    let x = try imageResult(ToTensor.op, [bytes], ["layout": .string(layout)])
    #expect(try imageResult(FromTensor.op, [x], [:]) == bytes)
    #expect(try imageResult(FromTensor.op, [x], ["layout": .string(layout)]) == bytes)
  }

  @Test func types() throws {
    #expect(try harness.infer(FromTensor.op, ["x": "tensor<f32>[1,3,H,W] rgb 0..1"]) == ["image<rgb8>[H,W]"])
    #expect(try harness.infer(FromTensor.op, ["x": "tensor<f32>[H,W,1]"], ["bits": .int(16)]) == ["image<grey16>[H,W]"])
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[1,3,H,W] rgb 0..255"])
        == "value range: x is 0..255, but the param \"range\" says 0..1")
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[3,H,W] bgr"]) == "colour order: x is bgr where rgb is needed")
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[2,3,H,W]"])
        == "dimension 0 of x is 2: one picture at a time can be made of a tensor")
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[7,H,W]"]) == "x has 7 channels where 1 to 4 are needed")
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[3,3,3] HWC"])
        == "x is HWC, which its extents do not show; set the param \"layout\" to \"HWC\"")
    #expect(
      harness.refusal(FromTensor.op, ["x": "tensor<f32>[H,W]"])
        == "x has 2 dimensions; a picture has 3, or 4 with a batch in front")
  }
}
