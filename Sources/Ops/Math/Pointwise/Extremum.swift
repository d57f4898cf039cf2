import Kernels
import Language

/// The smaller or the larger of two tensors, element by element. Where they are equal each gets half the cotangent.
public enum Extremum {
  public static let min: Op = BinaryOp.make(
    "math.min", doc: "The smaller of a and b element by element; extents of 1 are stretched. NaN comes through.",
    .minimum, gradient: { (emitter, adjoint) throws(Fault) in try gradient(&emitter, adjoint, Compare.less) })

  public static let max: Op = BinaryOp.make(
    "math.max", doc: "The larger of a and b element by element; extents of 1 are stretched. NaN comes through.",
    .maximum, gradient: { (emitter, adjoint) throws(Fault) in try gradient(&emitter, adjoint, Compare.greater) })

  private static func gradient(
    _ emitter: inout Emitter, _ adjoint: Adjoint, _ wins: Op
  ) throws(Fault) -> [ValueID?] {
    let (g, a, b) = (adjoint.cotangent, adjoint.operands[0], adjoint.operands[1])
    func share(_ emitter: inout Emitter, _ mine: ValueID, _ other: ValueID) throws(Fault) -> ValueID {
      let tie = try emitter.use(
        Scale.op, try emitter.use(Compare.equal, mine, other), attributes: ["by": .float(0.5)])
      let mask = try emitter.use(Add.op, try emitter.use(wins, mine, other), tie)
      return try emitter.use(Multiply.op, g, mask)
    }
    return try BinaryOp.cotangents(
      &emitter, adjoint, a: { emitter throws(Fault) in try share(&emitter, a, b) },
      b: { emitter throws(Fault) in try share(&emitter, b, a) })
  }
}
@used @section("weft_ops") private let minEntry: OpEntry = { Registry.collect(Extremum.min, $0) }
@used @section("weft_ops") private let maxEntry: OpEntry = { Registry.collect(Extremum.max, $0) }
