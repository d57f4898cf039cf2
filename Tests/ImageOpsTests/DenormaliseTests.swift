import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct DenormaliseTests {
  let harness = OpHarness([Normalise.op, Denormalise.op, ChannelAffine.op])

  @Test(arguments: Statistics.names) func undoesNormalising(_ name: String) throws {
    let x = random([2, 3, 5, 6], in: 0...255)
    let attributes: [String: Literal] = [
      "stats": .string(name), "range": .array([0, 255]), "mean": .array([1, 2, 3]), "std": 4, "scale": 0.5,
      "order": "bgr",
    ]
    let y = try harness.evaluate(Normalise.op, ["x": x], attributes)[0]
    let back = try harness.evaluate(Denormalise.op, ["x": y], attributes)[0]
    #expect(error(back, x.elements(Float.self).map(Double.init)) < 1e-4)
  }

  @Test(arguments: Statistics.names) func `gradients agree with differences`(_ name: String) throws {
    let attributes: [String: Literal] = ["stats": .string(name), "scale": 0.5, "order": "bgr"]
    #expect(try harness.gradientError(Denormalise.op, ["x": random([2, 3, 4, 5])], attributes) < 2e-3)
  }

  @Test func types() throws {
    #expect(
      try harness.infer(Denormalise.op, ["x": "tensor<f32>[1,3,H,W] bgr NCHW caffe"], ["stats": "caffe"])
        == ["tensor<f32>[1,3,H,W] rgb NCHW 0..1"])
    #expect(
      harness.refusal(Denormalise.op, ["x": "tensor<f32>[3,H,W] rgb"], ["stats": "caffe"])
        == "colour order: x is rgb where bgr is needed")
  }
}
