import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct LinearTests {
  let harness = OpHarness([Linear.op, LinearInputGradient.op, LinearWeightGradient.op, ChannelSum.op])

  @Test func `values equal the plain loop`() throws {
    var random = TestRandom(seed: 8)
    let (rows, inputs, features) = (6, 300, 37)
    let x = random.floats(rows * inputs)
    let weight = random.floats(features * inputs)
    let bias = random.floats(features)
    let y = try harness.evaluate(
      Linear.op,
      [
        "x": Tensor(shape: [2, 3, inputs], x), "weight": Tensor(shape: [features, inputs], weight),
        "bias": Tensor(shape: [features], bias),
      ])[0]
    let expected = (0..<rows * features).map { index in
      (0..<inputs).reduce(Double(bias[index % features])) {
        $0 + Double(x[index / features * inputs + $1]) * Double(weight[index % features * inputs + $1])
      }
    }
    #expect(y.shape == [2, 3, features])
    #expect(largestError(y.elements(Float.self), expected) < 1e-5)
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 9)
    let error = try harness.gradientError(
      Linear.op,
      [
        "x": Tensor(shape: [2, 3, 5], random.floats(30)), "weight": Tensor(shape: [4, 5], random.floats(20)),
        "bias": Tensor(shape: [4], random.floats(4)),
      ])
    #expect(error < 2e-3)
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    #expect(
      try harness.infer(Linear.op, ["x": "tensor<f32>[N,T,512]"], ["features": 10]) == ["tensor<f32>[N,T,10]"])
    #expect(
      try harness.infer(Linear.op, ["x": "tensor<f32>[512]", "weight": "tensor<f32>[O,512]"]) == ["tensor<f32>[O]"])
    #expect(
      try harness.parameters(Linear.op, ["x": "tensor<f32>[N,512]"], ["features": 10])
        == ["tensor<f32>[10,512]", "tensor<f32>[10]"])
    #expect(
      try harness.parameters(Linear.op, ["x": "tensor<f32>[N,512]"], ["features": 10, "bias": false])
        == ["tensor<f32>[10,512]", "any"])
  }

  @Test func `what cannot be is refused in words`() {
    #expect(
      harness.refusal(Linear.op, ["x": "tensor<f32>[N,512]"], [:])
        == "the param \"features\" is needed unless \"weight\" is connected")
    #expect(
      harness.refusal(Linear.op, ["x": "tensor<f32>[N,512]", "weight": "tensor<f32>[10,500]"], [:])
        == "weight: dimension 1 is 500 where 512 is needed (x has 512 in its last dimension)")
    #expect(
      harness.refusal(Linear.op, ["x": "tensor<f32>[]"], ["features": 1])
        == "x: rank 0 ([]) where at least 1 is needed")
  }
}
