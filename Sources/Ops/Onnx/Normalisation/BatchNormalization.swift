import Language
import Tensors

/// ONNX BatchNormalization (7 to 15): (X - mean) / sqrt(var + epsilon) · scale + B per channel, with the statistics given; in
/// training (version 14 on) with those of the batch, which also update the running ones.
enum BatchNormalization {
  static let op = OnnxOperator.make(
    "BatchNormalization", "Channels brought to mean 0 and variance 1.", "X scale B input_mean input_var",
    "Y running_mean? running_var? saved_mean? saved_var?",
    [
      .attribute("epsilon", float: 1e-5), .attribute("momentum", float: 0.9), .flag("training_mode"),
      .flag("spatial", 1),
    ],
    infer: { facts throws(Fault) in
      let (x, mean) = (facts.tensor("X"), facts.tensor("input_mean"))
      let statistic = Inference.tensor(mean.dtype, mean.shape)
      return [Inference.tensor(x.dtype, x.shape), statistic, statistic, statistic, statistic]
    }
  ) { call throws(Fault) in
    let x = try call.tensor("X").requireFloat("X")
    guard x.rank >= 1 else { throw .rank("X", x.shape, "[N, C, …]") }
    // Without `spatial` every element of a sample has statistics of its own.
    let channels = call.flag("spatial") ? (x.rank > 1 ? x.shape[1] : 1) : x.shape.dropFirst().reduce(1, *)
    var given: [[Double]] = []
    for port in ["scale", "B", "input_mean", "input_var"] {
      let tensor = try call.tensor(port).requireFloat(port)
      guard tensor.count == channels else { throw .extents(port, tensor.shape, [channels]) }
      given.append(tensor.doubles())
    }
    let values = x.doubles()
    let area = channels == 0 ? 0 : values.count / max(1, x.shape[0]) / channels
    let (epsilon, momentum) = (call.attributes.number("epsilon"), call.attributes.number("momentum"))
    let isTraining = call.flag("training_mode")
    var (means, variances) = (given[2], given[3])
    if isTraining {
      for channel in 0..<channels {
        let moments = Moments(
          (0..<x.shape[0]).lazy.flatMap { sample in
            let start = (sample * channels + channel) * area
            return values[start..<(start + area)]
          })
        (means[channel], variances[channel]) = (moments.mean, moments.variance)
      }
    }
    var result = Array(repeating: 0.0, count: values.count)
    for plane in 0..<(x.shape[0] * channels) {
      let channel = plane % channels
      let factor = given[0][channel] / (variances[channel] + epsilon).squareRoot()
      for index in (plane * area)..<((plane + 1) * area) {
        result[index] = (values[index] - means[channel]) * factor + given[1][channel]
      }
    }
    let y = Tensor.rounding(result, x.shape, to: x.dtype)
    guard isTraining else { return [y, nil, nil, nil, nil] }
    let statistics = try [(2, means), (3, variances)].map { place, batch throws(Fault) -> Tensor? in
      let port = try call.tensor(place == 2 ? "input_mean" : "input_var")
      let running = zip(given[place], batch).map { $0 * momentum + $1 * (1 - momentum) }
      return .rounding(running, port.shape, to: port.dtype)
    }
    return [y] + statistics + [nil, nil]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BatchNormalization.op, $0) }
