import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct ConvTranspose2DTests {
  let harness = OpHarness([
    ConvTranspose2D.op, Conv2D.op, Conv2DInputGradient.op, Conv2DWeightGradient.op, ChannelSum.op,
  ])

  @Test func `values equal the plain input gradient of a convolution`() throws {
    var random = TestRandom(seed: 5)
    for groups in [1, 2] {
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.height, naive.width) = (2, 6, 10, 8)
      (naive.outputs, naive.kernel, naive.stride, naive.dilation) = (4, (3, 2), (3, 2), (1, 2))
      (naive.groups, naive.pads) = (groups, (1, 0, 0, 1))
      let (height, width) = (naive.outputHeight, naive.outputWidth)
      let x = random.floats(2 * 4 * height * width)
      let weight = random.floats(4 * 6 / groups * 6)
      let bias = random.floats(6)
      // The output size without output padding; what is added is the rest of the convolution's input.
      let extra = (10 - ((height - 1) * 3 - 1 + 3), 8 - ((width - 1) * 2 - 1 + 3))
      let y = try harness.evaluate(
        ConvTranspose2D.op,
        [
          "x": Tensor(shape: [2, 4, height, width], x), "weight": Tensor(shape: [4, 6 / groups, 3, 2], weight),
          "bias": Tensor(shape: [6], bias),
        ],
        [
          "stride": [3, 2], "dilation": [1, 2], "groups": .int(groups), "padding": [1, 0, 0, 1],
          "output_padding": [.int(extra.0), .int(extra.1)],
        ])[0]
      let expected = naive.inputGradient(x, weight).enumerated().map { $1 + Double(bias[$0 / 80 % 6]) }
      #expect(y.shape == [2, 6, 10, 8])
      #expect(largestError(y.elements(Float.self), expected) < 1e-6)
    }
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 6)
    for padding in [1, "same"] as [Literal] {
      let error = try harness.gradientError(
        ConvTranspose2D.op,
        [
          "x": Tensor(shape: [1, 4, 3, 4], random.floats(48)),
          "weight": Tensor(shape: [4, 3, 3, 3], random.floats(108)),
          "bias": Tensor(shape: [6], random.floats(6)),
        ], ["stride": 2, "padding": padding, "groups": 2])
      #expect(error < 2e-3)
    }
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    let x = "tensor<f32>[1,8,H,W]"
    #expect(
      try harness.infer(
        ConvTranspose2D.op, ["x": x], ["channels": 4, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1])
        == ["tensor<f32>[1,4,2*H,2*W] NCHW"])
    #expect(
      try harness.infer(ConvTranspose2D.op, ["x": x], ["channels": 4, "kernel": 5, "stride": 3, "padding": "same"])
        == ["tensor<f32>[1,4,3*H,3*W] NCHW"])
    #expect(
      try harness.infer(
        ConvTranspose2D.op, ["x": "tensor<f32>[1,8,5,7]", "weight": "tensor<f32>[8,3,4,4]"], ["stride": 2])
        == ["tensor<f32>[1,3,12,16] NCHW"])
    #expect(
      try harness.parameters(ConvTranspose2D.op, ["x": x], ["channels": 4, "kernel": 3, "groups": 2])
        == ["tensor<f32>[8,2,3,3]", "tensor<f32>[4]"])
  }

  @Test func `what cannot be is refused in words`() {
    let x = "tensor<f32>[1,8,5,7]"
    #expect(
      harness.refusal(ConvTranspose2D.op, ["x": x], ["channels": 4, "kernel": 3, "stride": 2, "output_padding": 2])
        == "param \"output_padding\": 2 must be less than the stride, 2")
    #expect(
      harness.refusal(ConvTranspose2D.op, ["x": x, "weight": "tensor<f32>[4,3,4,4]"], [:])
        == "weight: dimension 0 is 4 where 8 is needed (x has 8 channels)")
    #expect(
      harness.refusal(ConvTranspose2D.op, ["x": "tensor<f32>[1,8,1,1]"], ["channels": 4, "kernel": 3, "padding": 2])
        == "the result's dimension 2 would be -1: the padding cuts everything off")
    #expect(
      harness.refusal(ConvTranspose2D.op, ["x": x, "weight": "tensor<f32>[8,3,4,4]", "bias": "tensor<f32>[4]"], [:])
        == "bias: dimension 0 is 4 where 3 is needed (the convolution makes 3 channels)")
  }
}
