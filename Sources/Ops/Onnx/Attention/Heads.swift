import Language
import Tensors

/// Splitting [batch, steps, heads · size] into heads and putting them back together.
enum Heads {
  /// [batch, heads, steps, size] as f64.
  static func split(_ x: Tensor, _ heads: Int?, _ port: String) throws(Fault) -> Tensor {
    let wide = try x.requireFloat(port).converted(to: .f64)
    if x.rank == 4 { return wide }
    guard x.rank == 3, let heads, heads > 0, x.shape[2] % heads == 0 else {
      throw .rank(
        port, x.shape, "[batch, heads, steps, size], or [batch, steps, heads · size] with the number of heads")
    }
    return try wide.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).transposed([0, 2, 1, 3])
  }

  /// [batch, steps, heads · size]
  static func join(_ x: Tensor) throws(Fault) -> Tensor {
    try x.transposed([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
  }
}
