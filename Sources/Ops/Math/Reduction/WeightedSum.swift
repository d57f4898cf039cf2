import Language

/// y = Σ weight · x over any number of tensors of one shape (DESIGN's sum of losses).
public enum WeightedSum {
  public static let op: Op = Op(
    "math.weighted_sum", doc: "Multiplies each tensor by its weight and adds them up; the tensors have one shape.",
    inputs: [Port("x", "tensor<f32>", .variadic, "Tensors of one shape, usually losses.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")],
    params: [
      Param("weights", .numbers(.all, counts: []), default: .float(1), "One number per tensor, or one for all of them.")
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
    let given = attributes.numbers("weights")
    if given.count == 1 { return Array(repeating: given[0], count: count) }
    guard given.count == count else { throw .countOfParam("weights", given.count, "inputs on x", count) }
    return given
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightedSum.op, $0) }
