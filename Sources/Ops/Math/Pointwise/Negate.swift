import Kernels
import Language

/// y = -x.
public enum Negate {
  public static let op: Op = UnaryOp.make(
    "math.neg", doc: "Changes the sign of every element.", .negate,
    gradient: { (emitter, adjoint) throws(Fault) in [try emitter.use(op, adjoint.cotangent)] })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Negate.op, $0) }
