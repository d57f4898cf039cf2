import Glibc
import Language

/// Sine and cosine of angles in radians.
public enum Trigonometric {
  public static let sin: Op = make(
    "math.sin", "The sine of every element, in radians.", { Glibc.sinf($0) },
    { (emitter, adjoint) throws(Fault) in
      let slope = try emitter.use(cos, adjoint.operands[0])
      return [try emitter.use(Multiply.op, adjoint.cotangent, slope)]
    })

  public static let cos: Op = make(
    "math.cos", "The cosine of every element, in radians.", { Glibc.cosf($0) },
    { (emitter, adjoint) throws(Fault) in
      let slope = try emitter.use(Negate.op, try emitter.use(sin, adjoint.operands[0]))
      return [try emitter.use(Multiply.op, adjoint.cotangent, slope)]
    })

  private static func make(
    _ name: String, _ doc: String, _ function: @escaping @Sendable (Float) -> Float,
    _ gradient: @escaping Numeric.Gradient
  ) -> Op {
    Op(
      name, doc: doc, inputs: UnaryOp.inputs, outputs: UnaryOp.outputs,
      infer: { facts throws(Fault) in [UnaryOp.result(facts, keepsRange: false)] },
      action: .numeric(
        Numeric(
          gradient: gradient,
          batch: .pointwise,
          select: { site throws(Fault) in
            UnaryOp.choices("libm", site, keepsZero: function(0) == 0) { x, y, count in
              for index in 0..<count { y[index] = function(x[index]) }
            }
          })))
  }
}
@used @section("weft_ops") private let sinEntry: OpEntry = { Registry.collect(Trigonometric.sin, $0) }
@used @section("weft_ops") private let cosEntry: OpEntry = { Registry.collect(Trigonometric.cos, $0) }
