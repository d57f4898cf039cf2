import Language
import Tensors

/// How often the largest score is the label's.
public enum Accuracy {
  public static let op: Op = Op(
    "nn.accuracy", doc: "Share of examples whose label is among the k largest scores; ties count for the lower class.",
    inputs: [
      Port("x", "tensor<f32>[N,C]", .one, "scores"), Port("labels", "tensor<f32>[N]", .one, "class numbers from 0"),
    ],
    outputs: [Port("share", "tensor<f32>[]")],
    params: [Param("k", .int(.positive), default: .int(1), "how many count")],
    infer: { facts throws(Fault) in
      try Labels.check(facts, scores: "x")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let (examples, classes) = (site.operand(0).shape[0], site.operand(0).shape[1])
          let k = site.attributes.int("k")
          return [
            Choice("rows", operations: Double(examples * classes)) { call in
              var hits = 0
              for row in 0..<examples {
                let x = call.input(0) + row * classes
                guard let label = Labels.at(call.input(1), row, classes) else { continue }
                var above = 0
                for index in 0..<classes where x[index] > x[label] || (x[index] == x[label] && index < label) {
                  above += 1
                }
                if above < k { hits += 1 }
              }
              call.output()[0] = Float(hits) / Float(max(1, examples))
            }
          ]
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Accuracy.op, $0) }
