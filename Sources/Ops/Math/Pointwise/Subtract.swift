import Kernels
import Language

/// y = a - b, broadcasting.
public enum Subtract {
  public static let op: Op = BinaryOp.make(
    "math.sub", doc: "Subtracts b from a element by element; extents of 1 are stretched.", .subtract,
    gradient: { (emitter, adjoint) throws(Fault) in
      let g = adjoint.cotangent
      return try BinaryOp.cotangents(
        &emitter, adjoint, a: { _ throws(Fault) in g },
        b: { emitter throws(Fault) in try emitter.use(Negate.op, g) })
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Subtract.op, $0) }
