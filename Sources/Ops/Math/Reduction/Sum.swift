import Language

/// Sums over axes, in Double.
public enum Sum {
  public static let op: Op = Op(
    "math.sum", doc: "Adds up the elements over some dimensions, or over all of them.", inputs: UnaryOp.inputs,
    outputs: ReductionOp.outputs, params: ReductionOp.params,
    infer: { facts throws(Fault) in [try ReductionOp.result(facts)] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in [try ReductionOp.spread(&emitter, adjoint)] },
        batch: .alongAxes(), select: { site throws(Fault) in [try ReductionOp.choice(site, .sum)] })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Sum.op, $0) }
