import Language
import Tensors

/// ONNX EyeLike (9 to 22): a matrix of the input's shape with 1 on the k-th diagonal and 0 elsewhere.
enum EyeLike {
  static let op = OnnxOperator.make(
    "EyeLike", "1 on a diagonal, 0 elsewhere.", "input", "output", [.attribute("k", 0), .attribute("dtype", nil)],
    infer: { facts throws(Fault) in
      let input = facts.tensor("input")
      let dtype = facts.attributes.has("dtype") ? DType(onnx: facts.attributes.int("dtype")) : input.dtype
      return [Inference.tensor(dtype, input.shape)]
    }
  ) { call throws(Fault) in
    let input = try call.tensor("input")
    guard input.rank == 2 else { throw .rank("input", input.shape, "a matrix") }
    let (rows, columns) = (input.shape[0], input.shape[1])
    let diagonal = min(max(call.attributes.int("k"), -rows), columns)
    var values = Array(repeating: UInt64(0), count: rows * columns)
    for row in 0..<rows where (0..<columns).contains(row + diagonal) { values[row * columns + row + diagonal] = 1 }
    return [Tensor(shape: input.shape, values).narrowed(to: try call.dtype("dtype") ?? input.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(EyeLike.op, $0) }
