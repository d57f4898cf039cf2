import Kernels
import Language

/// y = x held between two numbers; the cotangent passes where x lies between them, bounds included.
public enum Clip {
  public static let op: Op = UnaryOp.make(
    "math.clip", doc: "Holds every element between min and max.", .clip,
    params: [
      Param("min", .number(.all), default: .float(-.infinity), "No element comes out smaller."),
      Param("max", .number(.all), default: .float(.infinity), "No element comes out larger."),
    ],
    settings: bounds, keepsRange: true,
    pointwise: { site in
      let (low, high) = bounds(site.attributes)
      return low <= 0 && high >= 0 ? [Pointwise(.bound(low: low, high: high))] : []
    },
    gradient: { (emitter, adjoint) throws(Fault) in
      let attributes = ["min": adjoint.attributes["min"]!, "max": adjoint.attributes["max"]!]
      let mask = try emitter.use(inside, adjoint.operands[0], attributes: attributes)
      return [try emitter.use(Multiply.op, adjoint.cotangent, mask)]
    })

  /// 1 where x lies between the bounds.
  static let inside: Op = Op(
    "math.inside", doc: "1 where an element lies between min and max, bounds included, 0 elsewhere.",
    inputs: UnaryOp.inputs, outputs: UnaryOp.outputs,
    params: [
      Param("min", .number(.all), default: .float(-.infinity), "The lower bound."),
      Param("max", .number(.all), default: .float(.infinity), "The upper bound."),
    ], isInternal: true, infer: { facts throws(Fault) in [UnaryOp.result(facts, keepsRange: false)] },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let (low, high) = bounds(site.attributes)
          return UnaryOp.choices("inside", site, keepsZero: low > 0 || high < 0) { x, y, count in
            for index in 0..<count { y[index] = x[index] >= low && x[index] <= high ? 1 : 0 }
          }
        })))

  private static let bounds: @Sendable (Attributes) -> (Float, Float) = {
    (Float($0.number("min")), Float($0.number("max")))
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Clip.op, $0) }
@used @section("weft_ops") private let insideEntry: OpEntry = { Registry.collect(Clip.inside, $0) }
