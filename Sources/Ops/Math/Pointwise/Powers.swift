import Kernels
import Language

/// Square, square root and reciprocal.
public enum Powers {
  public static let square: Op = UnaryOp.make(
    "math.square", doc: "Every element times itself.", .square,
    gradient: { (emitter, adjoint) throws(Fault) in
      let twice = try emitter.use(Scale.op, adjoint.operands[0], attributes: ["by": .float(2)])
      return [try emitter.use(Multiply.op, adjoint.cotangent, twice)]
    })

  public static let sqrt: Op = UnaryOp.make(
    "math.sqrt", doc: "The square root of every element; NaN below 0. The slope at 0 is infinite.", .sqrt,
    gradient: { (emitter, adjoint) throws(Fault) in
      let half = try emitter.use(Scale.op, adjoint.cotangent, attributes: ["by": .float(0.5)])
      return [try emitter.use(Divide.op, half, adjoint.result())]
    })

  public static let reciprocal: Op = UnaryOp.make(
    "math.reciprocal", doc: "1 divided by every element.", .reciprocal,
    gradient: { (emitter, adjoint) throws(Fault) in
      let slope = try emitter.use(Negate.op, try emitter.use(square, adjoint.result()))
      return [try emitter.use(Multiply.op, adjoint.cotangent, slope)]
    })
}
@used @section("weft_ops") private let squareEntry: OpEntry = { Registry.collect(Powers.square, $0) }
@used @section("weft_ops") private let sqrtEntry: OpEntry = { Registry.collect(Powers.sqrt, $0) }
@used @section("weft_ops") private let reciprocalEntry: OpEntry = { Registry.collect(Powers.reciprocal, $0) }
