import Kernels
import Language

/// y = a / b, broadcasting. da = g / b, db = -g · y / b.
public enum Divide {
  public static let op: Op = BinaryOp.make(
    "math.div", doc: "Divides a by b element by element; extents of 1 are stretched.", .divide,
    gradient: { (emitter, adjoint) throws(Fault) in
      let (g, divisor, y) = (adjoint.cotangent, adjoint.operands[1], adjoint.result())
      return try BinaryOp.cotangents(
        &emitter, adjoint, a: { emitter throws(Fault) in try emitter.use(op, g, divisor) },
        b: { emitter throws(Fault) in
          let product = try emitter.use(Multiply.op, g, y)
          return try emitter.use(Negate.op, try emitter.use(op, product, divisor))
        })
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Divide.op, $0) }
