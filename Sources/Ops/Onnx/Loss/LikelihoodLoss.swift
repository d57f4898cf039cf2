import Language
import Tensors

/// ONNX NegativeLogLikelihoodLoss (12 to 22) and SoftmaxCrossEntropyLoss (12 to 13) of scores [N, C, …] and classes [N, …]: -weight ·
/// log chance of the right class, each, summed, or as a mean weighted by the same weights; classes equal to `ignore_index`
/// count for nothing.
enum LikelihoodLoss {
  static let ops = [
    OnnxOperator.make(
      "NegativeLogLikelihoodLoss", "Minus the log chance of the right classes.", "input target weight?", "loss", params,
      infer: Inference.elements(of: "input")
    ) { call throws(Fault) in
      let input = try call.tensor("input").requireFloat("input")
      return [try loss(call, input, input.doubles(), try call.tensor("target"), try call.optional("weight"), "target")]
    },
    OnnxOperator.make(
      "SoftmaxCrossEntropyLoss", "Minus the log chance, by softmax, of the right classes.", "scores labels weights?",
      "output log_prob?", params,
      infer: { facts throws(Fault) in
        let scores = facts.tensor("scores")
        return [Inference.tensor(scores.dtype), Inference.tensor(scores.dtype, scores.shape)]
      }
    ) { call throws(Fault) in
      let scores = try call.tensor("scores").requireFloat("scores")
      guard scores.rank >= 2 else { throw .rank("scores", scores.shape, "[N, C, …]") }
      var values = scores.doubles()
      let (classes, area) = (scores.shape[1], scores.shape[2...].reduce(1, *))
      for sample in 0..<scores.shape[0] {
        for place in 0..<area {
          let start = sample * classes * area + place
          let row = Softmax.logSoftmax((0..<classes).map { values[start + $0 * area] })
          for (label, value) in row.enumerated() { values[start + label * area] = value }
        }
      }
      return [
        try loss(call, scores, values, try call.tensor("labels"), try call.optional("weights"), "labels"),
        .rounding(values, scores.shape, to: scores.dtype),
      ]
    },
  ]

  private static let params: [Param] = [
    .attribute("ignore_index", nil), .attribute("reduction", words: ["mean", "sum", "none"]),
  ]

  private static func loss(
    _ call: HostCall, _ x: Tensor, _ chances: [Double], _ target: Tensor, _ weight: Tensor?, _ port: String
  ) throws(Fault) -> Tensor {
    guard x.rank >= 2, target.shape == [x.shape[0]] + x.shape[2...] else {
      throw .disagree("input", x.shape, port, target.shape, "the classes are [N, …] of scores [N, C, …]")
    }
    let (classes, area) = (x.shape[1], x.shape[2...].reduce(1, *))
    let weights = weight?.doubles()
    if let weights, weights.count != classes { throw .extents("weight", weight?.shape ?? [], [classes]) }
    let ignored = call.int("ignore_index")
    var (losses, total): ([Double], Double) = ([], 0)
    for (place, label) in try target.integers(port).enumerated() {
      if label == ignored {
        losses.append(0)
        continue
      }
      guard (0..<classes).contains(label) else { throw .index(label, classes) }
      let factor = weights?[label] ?? 1
      total += factor
      losses.append(-factor * chances[(place / max(1, area) * classes + label) * area + place % max(1, area)])
    }
    switch call.attributes.string("reduction") {
    case "none": return .rounding(losses, target.shape, to: x.dtype)
    case "sum": return .rounding([losses.reduce(0, +)], [], to: x.dtype)
    default: return .rounding([losses.reduce(0, +) / total], [], to: x.dtype)
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(LikelihoodLoss.ops, $0) }
