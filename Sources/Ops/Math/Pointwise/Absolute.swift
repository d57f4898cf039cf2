import Kernels
import Language

/// y = |x|; the slope at 0 is 0.
public enum Absolute {
  public static let op: Op = UnaryOp.make(
    "math.abs", doc: "The size of every element without its sign.", .abs,
    gradient: { (emitter, adjoint) throws(Fault) in
      let sign = try emitter.use(Rounding.sign, adjoint.operands[0])
      return [try emitter.use(Multiply.op, adjoint.cotangent, sign)]
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Absolute.op, $0) }
