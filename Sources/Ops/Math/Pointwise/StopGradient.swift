import Kernels
import Language

/// y = x, with no way back.
public enum StopGradient {
  public static let op: Op = Op(
    "math.stop_gradient",
    doc: """
      The same numbers, held fixed for the gradient. A term minus its held copy steers without counting in the printed \
      loss, as neural-style's total variation does.
      """,
    inputs: UnaryOp.inputs, outputs: UnaryOp.outputs,
    infer: { facts throws(Fault) in [UnaryOp.result(facts, keepsRange: true)] },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient, batch: .pointwise,
        select: { site throws(Fault) in
          UnaryOp.choices("copy", site, keepsZero: true) { x, y, count in
            if UnsafePointer(y) != x { y.update(from: x, count: count) }
          }
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(StopGradient.op, $0) }
