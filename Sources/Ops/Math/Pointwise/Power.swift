import Kernels
import Language
import Tensors

/// y = a^b, broadcasting. da = g · b · a^(b-1), db = g · y · ln a (0 where a is not positive, where the real power is
/// not a smooth function of b).
public enum Power {
  public static let op: Op = BinaryOp.make(
    "math.pow", doc: "Raises a to the power b element by element; extents of 1 are stretched.", .power,
    gradient: { (emitter, adjoint) throws(Fault) in
      let (g, a, b, y) = (adjoint.cotangent, adjoint.operands[0], adjoint.operands[1], adjoint.result())
      return try BinaryOp.cotangents(
        &emitter, adjoint,
        a: { emitter throws(Fault) in
          let lower = try emitter.use(Scale.op, b, attributes: ["offset": .float(-1)])
          let slope = try emitter.use(Multiply.op, b, try emitter.use(op, a, lower))
          return try emitter.use(Multiply.op, g, slope)
        },
        b: { emitter throws(Fault) in
          let zero = emitter.constant(.scalar(0))
          let positive = try emitter.use(Compare.greater, a, zero)
          let safe = try emitter.use(Where.op, positive, a, emitter.constant(.scalar(1)))
          let slope = try emitter.use(Multiply.op, y, try emitter.use(Exponential.log, safe))
          let product = try emitter.use(Multiply.op, g, slope)
          return try emitter.use(Where.op, positive, product, zero)
        })
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Power.op, $0) }
