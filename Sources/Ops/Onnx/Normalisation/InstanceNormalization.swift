import Language
import Tensors

/// ONNX InstanceNormalization (6 to 22) and GroupNormalization (18 to 21): each channel, or group of channels, of each sample brought to
/// mean 0 and variance 1, then scaled and shifted per channel (per group in version 18).
enum InstanceNormalization {
  static let ops = [
    OnnxOperator.make(
      "InstanceNormalization", "Channels of each sample normalised.", "input scale B", "output",
      [.attribute("epsilon", float: 1e-5)], infer: Inference.like("input")
    ) { call throws(Fault) in
      let x = try call.tensor("input").requireFloat("input")
      guard x.rank >= 3 else { throw .rank("input", x.shape, "[N, C, spatial…]") }
      return [
        try normalise(
          x, groups: x.shape[1], try perChannel(call, "scale", x.shape[1]), try perChannel(call, "B", x.shape[1]),
          call.attributes.number("epsilon"))
      ]
    },
    OnnxOperator.make(
      "GroupNormalization", "Groups of channels of each sample normalised.", "X scale bias", "Y",
      [
        .attribute("epsilon", float: 1e-5), .attribute(required: "num_groups", .positive), .attribute("stash_type", 1),
      ], infer: Inference.like("X")
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      let groups = call.attributes.int("num_groups")
      guard x.rank >= 2, x.shape[1] % groups == 0 else { throw .rank("X", x.shape, "a multiple of \(groups) channels") }
      return [
        try normalise(
          x, groups: groups, try perChannel(call, "scale", x.shape[1]), try perChannel(call, "bias", x.shape[1]),
          call.attributes.number("epsilon"))
      ]
    },
  ]

  /// One number per channel; given per group, each is repeated.
  private static func perChannel(_ call: HostCall, _ port: String, _ channels: Int) throws(Fault) -> [Double] {
    let tensor = try call.tensor(port).requireFloat(port)
    guard tensor.count > 0, channels % tensor.count == 0,
      tensor.count == channels || call.op.name.hasSuffix("GroupNormalization")
    else { throw .extents(port, tensor.shape, [channels]) }
    let values = tensor.doubles()
    return (0..<channels).map { values[$0 / (channels / values.count)] }
  }

  private static func normalise(
    _ x: Tensor, groups: Int, _ scale: [Double], _ bias: [Double], _ epsilon: Double
  ) throws(Fault) -> Tensor {
    let channels = x.shape[1]
    let area = x.shape[2...].reduce(1, *)
    var values = x.doubles()
    let size = channels / groups * area
    for group in 0..<(x.shape[0] * groups) {
      let moments = Moments(values[(group * size)..<((group + 1) * size)])
      let factor = 1 / (moments.variance + epsilon).squareRoot()
      for index in (group * size)..<((group + 1) * size) {
        let channel = index / area % channels
        values[index] = (values[index] - moments.mean) * factor * scale[channel] + bias[channel]
      }
    }
    return .rounding(values, x.shape, to: x.dtype)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(InstanceNormalization.ops, $0) }
