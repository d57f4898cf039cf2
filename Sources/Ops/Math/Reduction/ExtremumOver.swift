import Language

/// The largest or smallest element over axes. Equal extremes share the cotangent evenly.
public enum ExtremumOver {
  public static let max: Op = make("math.max_of", "largest", .max)
  public static let min: Op = make("math.min_of", "smallest", .min)

  private static func make(_ name: String, _ word: String, _ kind: Reduction.Kind) -> Op {
    Op(
      name, doc: "The \(word) element over some dimensions, or over all of them. NaN comes through.",
      inputs: UnaryOp.inputs, outputs: ReductionOp.outputs, params: ReductionOp.params,
      infer: { facts throws(Fault) in [try ReductionOp.result(facts, emptyWord: "\(word) element")] },
      action: .numeric(
        Numeric(
          gradient: gradient, batch: .alongAxes(),
          select: { site throws(Fault) in [try ReductionOp.choice(site, kind)] })))
  }

  private static let gradient: Numeric.Gradient = { (emitter, adjoint) throws(Fault) in
    let x = adjoint.operands[0]
    let axes = try Axes.resolve(adjoint.attributes, rank: emitter.shape(x).count)
    let mask = try emitter.use(Compare.equal, x, try ReductionOp.restored(&emitter, adjoint, adjoint.result()))
    let ties = try emitter.use(Sum.op, mask, attributes: ["axes": .ints(axes), "keep_dims": .bool(true)])
    let share = try emitter.use(Divide.op, try ReductionOp.restored(&emitter, adjoint, adjoint.cotangent), ties)
    return [try emitter.use(Multiply.op, mask, share)]
  }
}
@used @section("weft_ops") private let maxEntry: OpEntry = { Registry.collect(ExtremumOver.max, $0) }
@used @section("weft_ops") private let minEntry: OpEntry = { Registry.collect(ExtremumOver.min, $0) }
