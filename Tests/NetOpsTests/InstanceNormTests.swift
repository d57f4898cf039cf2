import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct InstanceNormTests {
  let harness = OpHarness([
    InstanceNorm.op, InstanceNormInputGradient.op, InstanceNormScaleGradient.op, ChannelSum.op,
  ])

  @Test func `values equal the formula, with and without scale and shift`() throws {
    var random = TestRandom(seed: 72)
    let x = random.floats(2 * 3 * 4 * 5, in: 2...4)
    let (scale, shift) = (random.floats(3), random.floats(3))
    let normalised = (0..<6).flatMap { plane in
      let values = x[plane * 20..<plane * 20 + 20].map(Double.init)
      let mean = values.reduce(0, +) / 20
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20
      return values.map { ($0 - mean) / (variance + 1e-3).squareRoot() }
    }
    let tensor = Tensor(shape: [2, 3, 4, 5], x)
    let plain = try harness.evaluate(InstanceNorm.op, ["x": tensor], ["epsilon": 1e-3, "affine": false])[0]
    #expect(largestError(plain.elements(Float.self), normalised) < 2e-6)
    let affine = try harness.evaluate(
      InstanceNorm.op, ["x": tensor, "scale": Tensor(shape: [3], scale), "shift": Tensor(shape: [3], shift)],
      ["epsilon": 1e-3])[0]
    let expected = normalised.enumerated().map { index, n in
      n * Double(scale[index / 20 % 3]) + Double(shift[index / 20 % 3])
    }
    #expect(largestError(affine.elements(Float.self), expected) < 2e-6)
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 73)
    let x = Tensor(shape: [2, 3, 3, 4], random.floats(72))
    let inputs: KeyValuePairs<String, Tensor> = [
      "x": x, "scale": Tensor(shape: [3], random.floats(3)), "shift": Tensor(shape: [3], random.floats(3)),
    ]
    for port in ["x", "scale", "shift"] {
      #expect(try harness.gradientError(InstanceNorm.op, inputs, wrt: [port], step: 3e-3) < 5e-3)
    }
    #expect(try harness.gradientError(InstanceNorm.op, ["x": x], ["affine": false], step: 3e-3) < 5e-3)
  }

  @Test func `shapes follow, and affine decides what the node owns`() throws {
    let x = "tensor<f32>[N,C,H,W] NCHW"
    #expect(try harness.infer(InstanceNorm.op, ["x": x]) == [x])
    #expect(try harness.parameters(InstanceNorm.op, ["x": x]) == ["tensor<f32>[C]", "tensor<f32>[C]"])
    #expect(try harness.parameters(InstanceNorm.op, ["x": x], ["affine": false]) == ["any", "any"])
    #expect(
      harness.refusal(InstanceNorm.op, ["x": "tensor<f32>[1,8,H,W]", "shift": "tensor<f32>[4]"])
        == "shift: dimension 0 is 4 where 8 is needed (x has 8 channels)")
  }
}
