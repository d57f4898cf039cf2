import Kernels
import Language

/// Comparisons, as masks of 1 and 0. Nothing flows back through them.
public enum Compare {
  public static let greater: Op = make("math.greater", "a > b", .greater)
  public static let less: Op = make("math.less", "a < b", .less)
  public static let equal: Op = make("math.equal", "a = b", .equal)

  private static func make(_ name: String, _ condition: String, _ function: Binary) -> Op {
    BinaryOp.make(
      name, doc: "1 where \(condition), 0 elsewhere; extents of 1 are stretched.", function,
      gradient: Numeric.constantGradient)
  }
}
@used @section("weft_ops") private let greaterEntry: OpEntry = { Registry.collect(Compare.greater, $0) }
@used @section("weft_ops") private let lessEntry: OpEntry = { Registry.collect(Compare.less, $0) }
@used @section("weft_ops") private let equalEntry: OpEntry = { Registry.collect(Compare.equal, $0) }
