import Language
import Tensors

/// Normal random numbers that keep to a range.
public enum BoundedNoise {
  public static let op = Op(
    "tensor.bounded_noise",
    doc: """
      Normal random numbers from the run's seed, those outside [low, high] drawn again, of one mean and deviation per \
      channel: a start with a style's colours (style_stats of style-transfer-pytorch). A mean far outside the range gives \
      its nearer end.
      """,
    inputs: [
      Port("like", "tensor<f32>", .one, "gives the extents [N, C, H, W]"),
      Port("mean", "tensor<f32>", .one, "C numbers"), Port("deviation", "tensor<f32>", .one, "C numbers"),
    ],
    outputs: [Port("x", "tensor<f32>")],
    params: [
      Param("low", .number(.all), default: .float(0), "the least"),
      Param("high", .number(.all), default: .float(1), "the most"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in
      guard facts.attributes.number("low") <= facts.attributes.number("high") else {
        throw .params("param \"low\" must be at most \"high\"")
      }
      if let shape = facts.tensor("like").shape, shape.count != 4 {
        throw .shape("like has \(shape.count) dimensions; 4 are needed")
      }
      return [.f32(facts.tensor("like").shape)]
    },
    action: .host(
      Host { call throws(Fault) in
        let shape = try call.tensor("like").shape
        let (mean, deviation) = (try call.tensor("mean"), try call.tensor("deviation"))
        for (port, tensor) in [("mean", mean), ("deviation", deviation)] where tensor.count != shape[1] {
          throw .failed("port \"\(port)\" has \(tensor.count) numbers for \(shape[1]) channels")
        }
        let range = call.attributes.number("low")...call.attributes.number("high")
        return [
          .tensor(
            RandomNumbers(seed: call.seed).boundedNormal(
              shape, mean: mean.elements(Float.self), deviation: deviation.elements(Float.self), range))
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BoundedNoise.op, $0) }
