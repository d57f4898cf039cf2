import Kernels
import Language

/// y = by · x + offset, with numbers known from the params.
public enum Scale {
  public static let op: Op = Op(
    "math.scale", doc: "Multiplies by a number, then adds one: by · x + offset.", inputs: UnaryOp.inputs,
    outputs: UnaryOp.outputs,
    params: [
      Param("by", .number(.all), default: .float(1), "The factor."),
      Param("offset", .number(.all), default: .float(0), "What is added after multiplying."),
    ],
    infer: { facts throws(Fault) in
      [UnaryOp.result(facts, keepsRange: facts.attributes.number("by") == 1 && facts.attributes.number("offset") == 0)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          [try emitter.use(op, adjoint.cotangent, attributes: ["by": .float(adjoint.attributes.number("by"))])]
        },
        batch: .pointwise,
        select: { site throws(Fault) in
          let by = Float(site.attributes.number("by"))
          let offset = Float(site.attributes.number("offset"))
          return UnaryOp.choices("affine", site, keepsZero: offset == 0) { x, y, count in
            Slab.affine(x, scale: by, shift: offset, y, count: count)
          }
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Scale.op, $0) }
