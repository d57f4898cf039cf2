import Glibc
import Language
import Tensors

/// Additive margins on cosines (ArcFace: Deng et al. 2019, eq. 3; CosFace: Wang et al. 2018, eq. 4).
public enum MarginScores {
  public static let op: Op = Op(
    "nn.margin_scores",
    doc: """
      scale * cosine, with the label's own cosine made harder: arcface cos(angle + margin), or, where the angle would pass \
      180°, cosine - margin * sin(margin), as InsightFace has it; cosface cosine - margin. Cross-entropy follows.
      """,
    inputs: [
      Port("x", "tensor<f32>[N,C]", .one, "cosines of examples and classes"),
      Port("labels", "tensor<f32>[N]", .one, "class numbers from 0"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("kind", .choice(["arcface", "cosface"]), default: .string("arcface"), "which margin"),
      Param("margin", .number(0...3.1), default: .float(0.5), "radians of arcface, cosine of cosface"),
      Param("scale", .number(.natural), default: .float(64), "length of the embeddings"),
    ],
    infer: { facts throws(Fault) in
      try Labels.check(facts, scores: "x")
      return [.f32(facts.tensor("x").shape)]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          [
            try e.emit(
              MarginScoresGradient.op, [[a.operands[0]], [a.operands[1]], [a.cotangent]], a.attributes)[0], nil,
          ]
        },
        select: { site throws(Fault) in
          let rule = Rule(site.attributes)
          let (examples, classes) = (site.result.shape[0], site.result.shape[1])
          let chunks = Chunking(count: examples, unitCost: 2 * classes + 50)
          return [
            Choice("rows", operations: Double(examples * classes), chunks: chunks.chunks) { call in
              for row in chunks.range(call.chunk) {
                let (x, y) = (call.input(0) + row * classes, call.output() + row * classes)
                for index in 0..<classes { y[index] = Float(rule.scale) * x[index] }
                if let label = Labels.at(call.input(1), row, classes) {
                  y[label] = Float(rule.scale * rule.value(Double(x[label])))
                }
              }
            }
          ]
        })))

  /// The label's own cosine under the margin, and the slope of that.
  struct Rule: Sendable {
    let isArc: Bool
    let margin: Double
    let scale: Double

    init(_ attributes: Attributes) {
      isArc = attributes.string("kind") == "arcface"
      margin = attributes.number("margin")
      scale = attributes.number("scale")
    }

    /// Rounding may bring a cosine beyond ±1, where the sine has no slope.
    private func sine(_ cosine: Double) -> Double { max(1e-6, (1 - min(1, cosine * cosine)).squareRoot()) }

    func value(_ cosine: Double) -> Double {
      guard isArc else { return cosine - margin }
      guard cosine > cos(Double.pi - margin) else { return cosine - margin * sin(margin) }
      return cosine * cos(margin) - sine(cosine) * sin(margin)
    }

    func slope(_ cosine: Double) -> Double {
      guard isArc, cosine > cos(Double.pi - margin) else { return 1 }
      return cos(margin) + cosine * sin(margin) / sine(cosine)
    }
  }
}

/// The gradient of margin scores by the cosines.
enum MarginScoresGradient {
  static let op: Op = Op(
    "nn.margin_scores_gradient", doc: "Gradient of nn.margin_scores by x.",
    inputs: [Port("x", "tensor<f32>[N,C]"), Port("labels", "tensor<f32>[N]"), Port("dy", "tensor<f32>[N,C]")],
    outputs: [Port("dx", "tensor<f32>")], params: MarginScores.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let rule = MarginScores.Rule(site.attributes)
        let (examples, classes) = (site.result.shape[0], site.result.shape[1])
        let chunks = Chunking(count: examples, unitCost: 2 * classes + 50)
        return [
          Choice("rows", operations: Double(examples * classes), chunks: chunks.chunks) { call in
            for row in chunks.range(call.chunk) {
              let (dy, dx) = (call.input(2) + row * classes, call.output() + row * classes)
              for index in 0..<classes { dx[index] = Float(rule.scale) * dy[index] }
              if let label = Labels.at(call.input(1), row, classes) {
                dx[label] *= Float(rule.slope(Double(call.input(0)[row * classes + label])))
              }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MarginScores.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(MarginScoresGradient.op, $0) }
