import Kernels
import Language
import Tensors

/// Triplet loss on embeddings (Schroff, Kalenichenko & Philbin 2015, FaceNet, eq. 3).
public enum TripletLoss {
  public static let op: Op = Op(
    "nn.triplet_loss",
    doc: """
      max(|anchor - positive|² - |anchor - negative|² + alpha, 0) per example, summed (FaceNet; the Coursera assignment) \
      or averaged.
      """,
    inputs: [
      Port("anchor", "tensor<f32>[N,D]", .one, "embeddings"),
      Port("positive", "tensor<f32>[N,D]", .one, "of the same identity"),
      Port("negative", "tensor<f32>[N,D]", .one, "of another one"),
    ],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [
      Param("alpha", .number(.all), default: .float(0.2), "margin"),
      Param("reduction", .choice(["sum", "mean"]), default: .string("sum"), "over the examples"),
    ],
    infer: { facts throws(Fault) in
      _ = try Shapes.extents(facts, "anchor", rank: 2)
      _ = try Shapes.same(facts, "anchor", "positive")
      _ = try Shapes.same(facts, "anchor", "negative")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let gradients = try e.emit(
            TripletLossGradient.op, a.operands.map { [$0] } + [[a.cotangent]], a.attributes)
          return zip(gradients, a.needs).map { $1 ? $0 : nil }
        },
        select: { site throws(Fault) in
          let (examples, size) = (site.operand(0).shape[0], site.operand(0).shape[1])
          let alpha = site.attributes.number("alpha")
          let scale = scale(site.attributes, examples)
          return [
            Choice("sum", operations: 6 * Double(examples * size)) { call in
              var sum = 0.0
              for row in 0..<examples { sum += max(0, excess(call, row, size) + alpha) }
              call.output()[0] = Float(scale * sum)
            }
          ]
        })))

  static func scale(_ attributes: Attributes, _ examples: Int) -> Double {
    attributes.string("reduction") == "mean" ? 1 / Double(examples) : 1
  }

  /// How much farther the positive is than the negative, squared distances.
  static func excess(_ call: KernelCall, _ row: Int, _ size: Int) -> Double {
    let anchor = call.input(0) + row * size
    return Slab.sumOfSquaredDifferences(anchor, call.input(1) + row * size, count: size)
      - Slab.sumOfSquaredDifferences(anchor, call.input(2) + row * size, count: size)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TripletLoss.op, $0) }
