import Kernels
import Language

/// Functions that are flat almost everywhere: nothing flows back through them.
public enum Rounding {
  public static let sign: Op = make("math.sign", "1 for a positive element, -1 for a negative one, 0 for 0.", .sign)
  public static let floor: Op = make("math.floor", "The largest integer not above each element.", .floor)
  public static let ceil: Op = make("math.ceil", "The smallest integer not below each element.", .ceil)
  public static let round: Op = make("math.round", "The nearest integer; halves go to the even one.", .round)

  private static func make(_ name: String, _ doc: String, _ function: Unary) -> Op {
    UnaryOp.make(name, doc: doc, function, gradient: Numeric.constantGradient)
  }
}
@used @section("weft_ops") private let signEntry: OpEntry = { Registry.collect(Rounding.sign, $0) }
@used @section("weft_ops") private let floorEntry: OpEntry = { Registry.collect(Rounding.floor, $0) }
@used @section("weft_ops") private let ceilEntry: OpEntry = { Registry.collect(Rounding.ceil, $0) }
@used @section("weft_ops") private let roundEntry: OpEntry = { Registry.collect(Rounding.round, $0) }
