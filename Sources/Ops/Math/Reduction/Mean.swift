import Language

/// Means over axes, accumulated in Double.
public enum Mean {
  public static let op: Op = Op(
    "math.mean", doc: "The mean of the elements over some dimensions, or over all of them.", inputs: UnaryOp.inputs,
    outputs: ReductionOp.outputs, params: ReductionOp.params,
    infer: { facts throws(Fault) in [try ReductionOp.result(facts, emptyWord: "mean")] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let count = try ReductionOp.elementsPerResult(emitter.shape(adjoint.operands[0]), adjoint.attributes)
          let spread = try ReductionOp.spread(&emitter, adjoint)
          return [try emitter.use(Scale.op, spread, attributes: ["by": .float(1 / Double(count))])]
        },
        batch: .alongAxes(),
        select: { site throws(Fault) in
          let count = try ReductionOp.elementsPerResult(site.operand(0).shape, site.attributes)
          return [try ReductionOp.choice(site, .sum, scale: 1 / Double(count))]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Mean.op, $0) }
