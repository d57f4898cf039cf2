import Language

/// Dimensions of 1 dropped or put in.
public enum Squeeze {
  public static let op: Op = Op(
    "tensor.squeeze", doc: "Drops dimensions of 1: those named, or all there are.", inputs: Movement.inputs,
    outputs: Movement.outputs,
    params: [
      Param("axes", .ints(.all, counts: []), default: .null, "Dimensions to drop; negative ones count from the end.")
    ],
    infer: { facts throws(Fault) in
      let meaning = facts.tensor("x").meaning
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      var axes = shape.indices.filter { shape[$0].value == 1 }
      if facts.attributes.has("axes") {
        axes = try Axes.resolve(facts.attributes, rank: shape.count)
        for axis in axes where shape[axis].compare(1) == .different { throw .notOne("x", axis, shape[axis]) }
      } else if shape.contains(where: { $0.value == nil }) {
        // How many dimensions are 1 shows only when all are numbers.
        return [Movement.type(facts, nil)]
      }
      let kept = shape.indices.filter { !axes.contains($0) }
      return [Movement.type(facts, kept.map { shape[$0] }, meaning.rearranged(kept))]
    },
    action: .numeric(
      Numeric(gradient: Reshape.gradient, batch: .alongAxes(), select: { site throws(Fault) in [Movement.copy(site)] }))
  )

  public static let unsqueeze: Op = Op(
    "tensor.unsqueeze", doc: "Puts dimensions of 1 in.", inputs: Movement.inputs, outputs: Movement.outputs,
    params: [
      Param(
        "axes", .ints(.all, counts: []), default: .int(0),
        "Where the new dimensions stand in the result; negative ones count from its end.")
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      let rank = shape.count + facts.attributes.ints("axes").count
      let axes = try Axes.resolve(facts.attributes, rank: rank)
      var source = shape.indices.makeIterator()
      let order = (0..<rank).map { axes.contains($0) ? -1 : source.next()! }
      return [Movement.type(facts, order.map { $0 < 0 ? 1 : shape[$0] }, facts.tensor("x").meaning.rearranged(order))]
    },
    action: .numeric(Numeric(gradient: Reshape.gradient, select: { site throws(Fault) in [Movement.copy(site)] })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Squeeze.op, $0) }
@used @section("weft_ops") private let unsqueezeEntry: OpEntry = { Registry.collect(Squeeze.unsqueeze, $0) }
