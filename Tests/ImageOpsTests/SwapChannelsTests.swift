import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct SwapChannelsTests {
  let harness = OpHarness([SwapChannels.op, ChannelAffine.op])

  @Test(arguments: [false, true]) func channelsChangePlaces(_ isInterleaved: Bool) throws {
    let x = random(isInterleaved ? [20, 30, 3] : [3, 20, 30])
    let y = try harness.evaluate(SwapChannels.op, ["x": x], ["order": .array([1, 2, 0])])[0].elements(Float.self)
    let values = x.elements(Float.self)
    let stride = isInterleaved ? 1 : 600
    for index in y.indices {
      let channel = isInterleaved ? index % 3 : index / 600
      #expect(y[index] == values[index + ([1, 2, 0][channel] - channel) * stride])
    }
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(SwapChannels.op, ["x": random([3, 2, 2])], ["order": .array([1, 2, 0])]) < 1e-3)
  }

  @Test func types() throws {
    #expect(
      try harness.infer(SwapChannels.op, ["x": "tensor<f32>[1,3,H,W] rgb NCHW"]) == ["tensor<f32>[1,3,H,W] bgr NCHW"])
    #expect(
      harness.refusal(SwapChannels.op, ["x": "tensor<f32>[1,3,H,W]"], ["order": .array([0, 0, 1])])
        == "param \"order\" must hold each channel once, from 0 to 2")
    #expect(
      harness.refusal(SwapChannels.op, ["x": "tensor<f32>[1,H,W]"]) == "x has 1 channels where 3 are needed")
  }
}
