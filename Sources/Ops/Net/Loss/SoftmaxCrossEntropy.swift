import Glibc
import Kernels
import Language
import Tensors

/// Cross-entropy of softmax scores with class labels, optionally smoothed (Szegedy et al. 2016, §7).
public enum SoftmaxCrossEntropy {
  public static let op: Op = Op(
    "nn.softmax_cross_entropy",
    doc: """
      -Σ t · log softmax(x) per example, averaged or summed, where t is 1 - smoothing + smoothing / C for the label and \
      smoothing / C for every other class (PyTorch's cross_entropy).
      """,
    inputs: [
      Port("x", "tensor<f32>[N,C]", .one, "scores"), Port("labels", "tensor<f32>[N]", .one, "class numbers from 0"),
    ],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [
      Param("smoothing", .number(0...1), default: .float(0), "share of the target spread over all classes"),
      Param("reduction", .choice(["mean", "sum"]), default: .string("mean"), "over the examples"),
    ],
    infer: { facts throws(Fault) in
      try Labels.check(facts, scores: "x")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let dx = try e.emit(
            SoftmaxCrossEntropyGradient.op, [[a.operands[0]], [a.operands[1]], [a.cotangent]], a.attributes)
          return [dx[0], nil]
        },
        select: { site throws(Fault) in
          let (examples, classes) = (site.operand(0).shape[0], site.operand(0).shape[1])
          let smoothing = site.attributes.number("smoothing")
          let scale = Labels.scale(site.attributes, examples)
          return [
            Choice("rows", operations: 6 * Double(examples * classes)) { call in
              var sum = 0.0
              for row in 0..<examples {
                let x = call.input(0) + row * classes
                let logSum = Labels.logSumExp(x, classes)
                let label = Labels.at(call.input(1), row, classes)
                var mean = 0.0
                if smoothing > 0 { for index in 0..<classes { mean += Double(x[index]) / Double(classes) } }
                // A label that is no class makes the loss NaN, which a training reports.
                let score = label.map { Double(x[$0]) } ?? .nan
                sum += logSum - (1 - smoothing) * score - smoothing * mean
              }
              call.output()[0] = Float(sum * scale)
            }
          ]
        })))
}

/// The gradient of the cross-entropy by the scores: softmax(x) - t.
enum SoftmaxCrossEntropyGradient {
  static let op: Op = Op(
    "nn.softmax_cross_entropy_gradient", doc: "Gradient of nn.softmax_cross_entropy by x.",
    inputs: [Port("x", "tensor<f32>[N,C]"), Port("labels", "tensor<f32>[N]"), Port("g", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], params: SoftmaxCrossEntropy.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (examples, classes) = (site.operand(0).shape[0], site.operand(0).shape[1])
        let smoothing = site.attributes.number("smoothing")
        let scale = Labels.scale(site.attributes, examples)
        let chunks = Chunking(count: examples, unitCost: 20 * classes)
        return [
          Choice("rows", operations: 4 * Double(examples * classes), chunks: chunks.chunks) { call in
            let factor = scale * Double(call.input(2)[0])
            for row in chunks.range(call.chunk) {
              let (x, dx) = (call.input(0) + row * classes, call.output() + row * classes)
              let logSum = Labels.logSumExp(x, classes)
              let label = Labels.at(call.input(1), row, classes)
              for index in 0..<classes {
                let target = smoothing / Double(classes) + (index == label ? 1 - smoothing : 0)
                dx[index] = Float(factor * (exp(Double(x[index]) - logSum) - target))
              }
            }
          }
        ]
      })))
}

/// Class labels as tensors of whole numbers.
enum Labels {
  static func check(_ facts: Facts, scores: String) throws(Fault) {
    let x = try Shapes.extents(facts, scores, rank: 2)
    let labels = try Shapes.extents(facts, "labels", rank: 1)
    if let x, let labels {
      try Shapes.require(labels[0], equals: x[0], "labels", 0, because: "\(scores) has \(x[0]) examples")
    }
  }

  /// The label of an example; nil where it is no class.
  static func at(_ labels: UnsafePointer<Float>, _ row: Int, _ classes: Int) -> Int? {
    let label = labels[row]
    return label >= 0 && label < Float(classes) ? Int(label) : nil
  }

  static func scale(_ attributes: Attributes, _ examples: Int) -> Double {
    attributes.string("reduction") == "mean" ? 1 / Double(max(1, examples)) : 1
  }

  static func logSumExp(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
    var largest = -Float.infinity
    for index in 0..<count { largest = max(largest, x[index]) }
    var sum = 0.0
    for index in 0..<count { sum += exp(Double(x[index] - largest)) }
    return Double(largest) + log(sum)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SoftmaxCrossEntropy.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = {
  Registry.collect(SoftmaxCrossEntropyGradient.op, $0)
}
