import Glibc
import Language
import Tensors

/// ONNX LRN (1 to 13): x / (bias + alpha / size · Σ x²)^beta, the sum over `size` neighbouring channels (Krizhevsky et al. 2012).
enum LocalResponse {
  static let op = OnnxOperator.make(
    "LRN", "Each element divided by the strength of its neighbours in other channels.", "X", "Y",
    [
      .attribute("alpha", float: 0.0001), .attribute("beta", float: 0.75), .attribute("bias", float: 1),
      .attribute(required: "size", .positive),
    ], infer: Inference.like("X")
  ) { call throws(Fault) in
    let x = try call.tensor("X").requireFloat("X")
    guard x.rank >= 2 else { throw .rank("X", x.shape, "[N, C, …]") }
    let a = call.attributes
    let (alpha, beta, bias, size) = (a.number("alpha"), a.number("beta"), a.number("bias"), a.int("size"))
    let (before, after) = ((size - 1) / 2, size / 2)
    let (channels, area) = (x.shape[1], x.shape[2...].reduce(1, *))
    let values = x.doubles()
    var result = values
    for sample in 0..<x.shape[0] {
      for channel in 0..<channels {
        let low = max(0, channel - min(before, channel))
        let high = min(channels - 1, channel + min(after, channels))
        for place in 0..<area {
          let square = (low...high).reduce(0.0) { sum, neighbour in
            let value = values[(sample * channels + neighbour) * area + place]
            return sum + value * value
          }
          result[(sample * channels + channel) * area + place] /= pow(bias + alpha / Double(size) * square, beta)
        }
      }
    }
    return [.rounding(result, x.shape, to: x.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LocalResponse.op, $0) }
