import Language

/// Several neighbouring dimensions as one.
public enum Flatten {
  public static let op: Op = Op(
    "tensor.flatten", doc: "Merges the dimensions from start to end, both included, into one.",
    inputs: Movement.inputs, outputs: Movement.outputs,
    params: [
      Param("start", .int(.all), default: .int(0), "The first dimension merged; negative counts from the end."),
      Param("end", .int(.all), default: .int(-1), "The last dimension merged; negative counts from the end."),
    ],
    infer: { facts throws(Fault) in
      let meaning = Meaning(range: facts.tensor("x").meaning.range)
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil, meaning)] }
      if shape.isEmpty { return [Movement.type(facts, [1], meaning)] }
      let start = try Axes.resolve(facts.attributes.int("start"), rank: shape.count, param: "start")
      let end = try Axes.resolve(facts.attributes.int("end"), rank: shape.count, param: "end")
      guard start <= end else {
        throw .params("param \"start\" is dimension \(start), after \"end\", dimension \(end)")
      }
      return [Movement.type(facts, shape[..<start] + [shape[start...end].reduce(1, *)] + shape[(end + 1)...], meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: Reshape.gradient,
        batch: BatchRule {
          $0.hasStackedFirst && ![0, -$0.rank].contains($0.attributes.int("start")) ? $0.attributes : nil
        }, select: { site throws(Fault) in [Movement.copy(site)] })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Flatten.op, $0) }
