import Language

/// Vector norms over axes, accumulated in Double.
public enum Norm {
  public static let op: Op = Op(
    "math.norm", doc: "The length of the vectors along some dimensions: l1 sums sizes, l2 is Euclidean.",
    inputs: UnaryOp.inputs, outputs: ReductionOp.outputs,
    params: [Param("kind", .choice(["l1", "l2"]), default: .string("l2"), "Which norm.")] + ReductionOp.params,
    infer: { facts throws(Fault) in [try ReductionOp.result(facts)] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let x = adjoint.operands[0]
          let g = try ReductionOp.restored(&emitter, adjoint, adjoint.cotangent)
          guard adjoint.attributes.string("kind") == "l2" else {
            return [try emitter.use(Multiply.op, try emitter.use(Rounding.sign, x), g)]
          }
          // At the origin x is 0 and so is the gradient: the bound only keeps 0 / 0 away.
          let y = try ReductionOp.restored(&emitter, adjoint, adjoint.result())
          let length = try emitter.use(Clip.op, y, attributes: ["min": .float(1e-30)])
          return [try emitter.use(Multiply.op, try emitter.use(Divide.op, x, length), g)]
        },
        batch: .alongAxes(),
        select: { site throws(Fault) in
          site.attributes.string("kind") == "l2"
            ? [try ReductionOp.choice(site, .sumOfSquares, takesRoot: true)]
            : [try ReductionOp.choice(site, .sumOfMagnitudes)]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Norm.op, $0) }
