import Kernels
import Language

/// y = a · b, broadcasting.
public enum Multiply {
  public static let op: Op = BinaryOp.make(
    "math.mul", doc: "Multiplies two tensors element by element; extents of 1 are stretched.", .multiply,
    gradient: { (emitter, adjoint) throws(Fault) in
      let (g, operands) = (adjoint.cotangent, adjoint.operands)
      return try BinaryOp.cotangents(
        &emitter, adjoint, a: { emitter throws(Fault) in try emitter.use(op, g, operands[1]) },
        b: { emitter throws(Fault) in try emitter.use(op, g, operands[0]) })
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Multiply.op, $0) }
