import Kernels
import Language

/// The natural exponential and logarithm.
public enum Exponential {
  public static let exp: Op = UnaryOp.make(
    "math.exp", doc: "e to the power of every element.", .exp,
    gradient: { (emitter, adjoint) throws(Fault) in
      [try emitter.use(Multiply.op, adjoint.cotangent, adjoint.result())]
    })

  public static let log: Op = UnaryOp.make(
    "math.log", doc: "The natural logarithm of every element; -infinity at 0, NaN below.", .log,
    gradient: { (emitter, adjoint) throws(Fault) in
      [try emitter.use(Divide.op, adjoint.cotangent, adjoint.operands[0])]
    })
}
@used @section("weft_ops") private let expEntry: OpEntry = { Registry.collect(Exponential.exp, $0) }
@used @section("weft_ops") private let logEntry: OpEntry = { Registry.collect(Exponential.log, $0) }
