import Language

/// y = Σ weight · x over any number of tensors of one shape (DESIGN's sum of losses).
public enum WeightedSum {
  public static let op: Op = Op(
    "math.weighted_sum", doc: "Multiplies each tensor by its weight and adds them up; the tensors have one shape.",
    inputs: [Port("x", "tensor<f32>", .variadic, "Tensors of one shape, usually losses.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")],
    params: [
      Param(
        "weights", .numbers(.all, counts: []), default: .float(1), "One number per tensor, or one for all of them."),
      Param("average", .bool, default: .bool(false), "Divide the weights by their sum."),
    ],
    infer: { facts throws(Fault) in
      _ = try weights(facts.attributes, facts.types("x").count)
      return [try SumOfMany.result(facts)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let weights = try weights(adjoint.attributes, adjoint.operands.count)
          var result: [ValueID?] = []
          for (weight, isNeeded) in zip(weights, adjoint.needs) {
            result.append(
              isNeeded ? try emitter.use(Scale.op, adjoint.cotangent, attributes: ["by": .float(weight)]) : nil)
          }
          return result
        },
        batch: .pointwise,
        select: { site throws(Fault) in
          [SumOfMany.choice(site, try weights(site.attributes, site.operands[0].count).map { Float($0) })]
        })))

  private static func weights(_ attributes: Attributes, _ count: Int) throws(Fault) -> [Double] {
    var weights = attributes.numbers("weights")
    if weights.count == 1 { weights = Array(repeating: weights[0], count: count) }
    guard weights.count == count else { throw .countOfParam("weights", weights.count, "inputs on x", count) }
    guard attributes.bool("average") else { return weights }
    let sum = weights.reduce(0, +)
    guard sum != 0 else { throw .params("the weights add up to 0: there is no average") }
    return weights.map { $0 / sum }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightedSum.op, $0) }
