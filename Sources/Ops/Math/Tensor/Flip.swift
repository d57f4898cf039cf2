import Language
import Tensors

/// Dimensions read backwards.
public enum Flip {
  public static let op: Op = Op(
    "tensor.flip", doc: "Reverses the order along some dimensions.", inputs: Movement.inputs,
    outputs: [Port("y", "tensor", .one, "The shape of x.")],
    params: [
      Param(
        "axes", .ints(.all, counts: []), default: .int(-1), "Dimensions to reverse; negative ones count from the end.")
    ],
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let axes = try type.shape.map { shape throws(Fault) in try Axes.resolve(facts.attributes, rank: shape.count) }
      return [Movement.type(facts, type.shape, type.meaning.changing(axes ?? []))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          [try emitter.use(op, adjoint.cotangent, attributes: ["axes": adjoint.attributes["axes"]!])]
        },
        batch: .alongAxes(),
        select: { site throws(Fault) in
          let shape = site.result.shape
          let axes = try Axes.resolve(site.attributes, rank: shape.count)
          let maps = shape.indices.map { axes.contains($0) ? Array((0..<shape[$0]).reversed()) : Array(0..<shape[$0]) }
          return [IndexMap(operand: shape, maps: maps).choice("flip", elementSize: site.result.dtype.size)]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Flip.op, $0) }
