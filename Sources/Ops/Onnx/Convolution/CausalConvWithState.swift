import Language
import Tensors

/// ONNX CausalConvWithState (27): a depthwise convolution along time that looks back only, on the input with the last k - 1
/// values of the step before (or zeros) in front; optionally followed by x · sigmoid(x).
enum CausalConvWithState {
  static let op = OnnxOperator.make(
    "CausalConvWithState", "A depthwise convolution that looks back only.", "input weight bias? past_state?",
    "output present_state", [.attribute("activation", words: ["none", "silu", "swish"])],
    infer: { facts throws(Fault) in
      let input = facts.tensor("input")
      return [Inference.tensor(input.dtype, input.shape), Inference.tensor(input.dtype, Inference.unknown(rank: 3))]
    }
  ) { call throws(Fault) in
    let (x, weight) = (try call.tensor("input").requireFloat("input"), try call.tensor("weight"))
    guard x.rank == 3 else { throw .rank("input", x.shape, "[N, C, length]") }
    let (batch, channels, length) = (x.shape[0], x.shape[1], x.shape[2])
    guard weight.rank == 3, weight.shape[0] == channels, weight.shape[1] == 1, weight.shape[2] > 0 else {
      throw .disagree("input", x.shape, "weight", weight.shape, "the weight is [C, 1, k]")
    }
    let taps = weight.shape[2]
    let bias = try call.optional("bias")
    if let bias, bias.count != channels { throw .extents("bias", bias.shape, [channels]) }
    let past = try call.optional("past_state") ?? .zeros(x.dtype, shape: [batch, channels, taps - 1])
    guard past.shape == [batch, channels, taps - 1] else {
      throw .extents("past_state", past.shape, [batch, channels, taps - 1])
    }
    let whole = try Concat.join([past, x], axis: 2)
    let (values, kernel) = (whole.doubles(), weight.doubles())
    let offsets = bias?.doubles() ?? Array(repeating: 0, count: channels)
    let isActive = call.attributes.string("activation") != "none"
    var output: [Double] = []
    for row in 0..<(batch * channels) {
      let start = row * (length + taps - 1)
      for time in 0..<length {
        var sum = offsets[row % channels]
        for tap in 0..<taps { sum += kernel[row % channels * taps + tap] * values[start + time + tap] }
        output.append(isActive ? sum * Activations.sigmoid(sum) : sum)
      }
    }
    let present = StridedView(
      whole, shape: [batch, channels, taps - 1], strides: Extents.strides(whole.shape), offset: length)
    return [.rounding(output, x.shape, to: x.dtype), try present.dense()]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(CausalConvWithState.op, $0) }
