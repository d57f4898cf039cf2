import Language
import Tensors

/// Rounding of real numbers to the integers of a quantised type.
enum Quantized {
  /// round(x) + zero point, kept within the type of the zero point; halves to even, NaN to 0.
  static func rounded(_ x: Tensor, zeroPoint: Tensor) throws(Fault) -> Tensor {
    guard !zeroPoint.dtype.isFloat, zeroPoint.dtype != .bool else {
      throw .elementType("zero_point", zeroPoint.dtype, "integers")
    }
    let nearest = x.converted(to: .f64).mapped(Double.self, to: .f64) { (x: Double) in x.rounded(.toNearestOrEven) }
    let zero = zeroPoint.count == 1 ? zeroPoint.reshaped([]) : zeroPoint
    return try Plus.run(nearest, zero.converted(to: .f64)).expanded(to: x.shape).converted(to: zeroPoint.dtype)
  }
}
