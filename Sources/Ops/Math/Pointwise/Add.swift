import Kernels
import Language

/// y = a + b, broadcasting.
public enum Add {
  public static let op: Op = BinaryOp.make(
    "math.add", doc: "Adds two tensors element by element; extents of 1 are stretched.", .add,
    gradient: { (emitter, adjoint) throws(Fault) in
      let g = adjoint.cotangent
      return try BinaryOp.cotangents(
        &emitter, adjoint, a: { _ throws(Fault) in g }, b: { _ throws(Fault) in g })
    })
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Add.op, $0) }
