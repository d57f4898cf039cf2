import Language
import Tensors

/// ONNX Trilu (14): the upper (or lower) triangle of the matrices in the last two axes, from the k-th diagonal; the rest is 0.
enum Trilu {
  static let op = OnnxOperator.make(
    "Trilu", "A triangle of each matrix.", "input k?", "output", [.flag("upper", 1)], infer: Inference.like("input")
  ) { call throws(Fault) in
    let input = try call.tensor("input")
    guard input.rank >= 2 else { throw .rank("input", input.shape, "matrices") }
    let (rows, columns) = (input.shape[input.rank - 2], input.shape[input.rank - 1])
    let diagonal = min(max(try call.integer(at: "k") ?? 0, -rows - 1), columns + 1)
    let isUpper = call.flag("upper")
    let result = try Assembly(dtype: input.dtype, shape: input.shape, zeroed: true)
    for row in 0..<(input.count / max(1, columns)) {
      let cut = min(max(row % max(1, rows) + diagonal + (isUpper ? 0 : 1), 0), columns)
      let range = isUpper ? cut..<columns : 0..<cut
      let start = row * columns + range.lowerBound
      result.copy(input, from: start, to: start, count: range.count)
    }
    return [Tensor(dtype: input.dtype, shape: input.shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Trilu.op, $0) }
