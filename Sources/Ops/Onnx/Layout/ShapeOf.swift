import Language
import Tensors

/// ONNX Shape (1 to 25; a part of the axes since version 15) and Size (1 to 25), as int64; Identity (1 to 25).
enum ShapeOf {
  static let ops = [
    OnnxOperator.make(
      "Shape", "The extents of the axes from `start` to before `end`.", "data", "shape",
      [.attribute("start", 0), .attribute("end", nil)], infer: Inference.types(.i64, rank: 1)
    ) { call throws(Fault) in
      let shape = try call.tensor("data").shape
      let start = place(call.attributes.int("start"), shape.count)
      let end = max(start, place(call.int("end") ?? shape.count, shape.count))
      return [Tensor(shape: [end - start], shape[start..<end].map { Int64($0) })]
    },
    OnnxOperator.make(
      "Size", "The number of elements.", "data", "size", infer: { _ throws(Fault) in [Inference.tensor(.i64, [])] }
    ) { call throws(Fault) in [Tensor(shape: [], [Int64(try call.tensor("data").count)])] },
    OnnxOperator.make(
      "Identity", "The input itself.", "input", "output", infer: Inference.like("input")
    ) { call throws(Fault) in [try call.tensor("input")] },
  ]

  /// Negative places count from the back; all are kept within the rank.
  private static func place(_ index: Int, _ rank: Int) -> Int { min(max(index < 0 ? index + rank : index, 0), rank) }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(ShapeOf.ops, $0) }
