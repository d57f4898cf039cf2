import Glibc
import Language
import Tensors

/// ONNX Pow (versions 7 to 15): X to the power Y in X's type. Integers to integers wrap around; an integer to a fraction is
/// computed in Double and cut off.
enum Power {
  static let op = OnnxOperator.make(
    "Pow", "X to the power Y.", "X Y", "Z",
    infer: { facts throws(Fault) in
      let (x, y) = (facts.tensor("X"), facts.tensor("Y"))
      guard let a = x.shape, let b = y.shape else { return [Inference.tensor(x.dtype)] }
      return [Inference.tensor(x.dtype, try Inference.broadcast(a, b))]
    }
  ) { call throws(Fault) in
    let (x, y) = (try call.tensor("X"), try call.tensor("Y"))
    if !x.dtype.isFloat, !y.dtype.isFloat {
      let exponents = y.widened().narrowed(to: .i64)
      return [
        try Broadcasting.zip(x.widened().narrowed(to: .i64), exponents, Int64.self, to: .i64, power).narrowed(
          to: x.dtype)
      ]
    }
    let (base, exponent) = (x.converted(to: .f64), y.converted(to: .f64))
    return [try Broadcasting.zip(base, exponent, Double.self, to: .f64) { pow($0, $1) }.narrowed(to: x.dtype)]
  }

  /// By squaring, modulo 2^64; negative powers of anything but 1 and −1 are cut off to 0.
  private static func power(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 { return base == 1 ? 1 : base == -1 ? (exponent & 1 == 0 ? 1 : -1) : 0 }
    var (result, factor, rest) = (Int64(1), base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Power.op, $0) }
