import Language
import Tensors

/// Writes updates into a copy of a tensor: in place of what is there, or combined with it.
enum Scattering {
  static let words = ["none", "add", "mul", "min", "max"]

  /// Runs of `size` elements of `updates`, each to the run at its offset, in order.
  static func run(
    _ data: Tensor, _ updates: Tensor, to offsets: [Int], size: Int, _ reduction: String
  ) throws(Fault) -> Tensor {
    guard data.dtype == updates.dtype else { throw .elementTypes("data", data.dtype, "updates", updates.dtype) }
    guard updates.count == offsets.count * size else {
      throw .disagree("data", data.shape, "updates", updates.shape, "the updates are not as many as the indices")
    }
    if reduction == "none" {
      let result = try Assembly(dtype: data.dtype, shape: data.shape)
      result.copy(data, from: 0, to: 0, count: data.count)
      for (at, offset) in offsets.enumerated() {
        result.copy(updates, from: at * size, to: offset * size, count: size)
      }
      return Tensor(dtype: data.dtype, shape: data.shape, buffer: result.buffer)
    }
    let (a, b) = (data.widened(), updates.widened())
    let result =
      switch data.dtype.arithmetic {
      case .real: combine(a, b, offsets, size, reduction, Double.self)
      case .signed: combine(a, b, offsets, size, reduction, Int64.self)
      case .unsigned: combine(a, b, offsets, size, reduction, UInt64.self)
      }
    return result.narrowed(to: data.dtype)
  }

  private static func combine<T: Number>(
    _ data: Tensor, _ updates: Tensor, _ offsets: [Int], _ size: Int, _ reduction: String, _ type: T.Type
  ) -> Tensor {
    var values = data.elements(T.self)
    let more = updates.elements(T.self)
    let function: (T, T) -> T =
      switch reduction {
      case "add": { T.sum($0, $1) }
      case "mul": { T.product($0, $1) }
      case "min": { T.smaller($0, $1) }
      default: { T.larger($0, $1) }
      }
    for (at, offset) in offsets.enumerated() {
      for index in 0..<size {
        values[offset * size + index] = function(values[offset * size + index], more[at * size + index])
      }
    }
    return Tensor(shape: data.shape, values)
  }
}
