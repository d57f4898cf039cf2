import Language
import Tensors

/// ONNX Tile (6 to 13), a tensor repeated along each axis, and Expand (8 to 13), a tensor and a shape broadcast together.
enum Tile {
  static let ops = [
    OnnxOperator.make(
      "Tile", "The tensor repeated along each axis.", "input repeats", "output",
      infer: { facts throws(Fault) in
        let input = facts.tensor("input")
        return [Inference.tensor(input.dtype, input.shape.map { Inference.unknown(rank: $0.count) })]
      }
    ) { call throws(Fault) in
      let input = try call.tensor("input")
      let repeats = try call.tensor("repeats").integers("repeats")
      guard repeats.count == input.rank else { throw .listLength("repeats", repeats.count, input.rank) }
      _ = try Extents.count(repeats + input.shape, size: input.dtype.size)
      let strides = Extents.strides(input.shape)
      let view = StridedView(
        input, shape: input.shape.indices.flatMap { [repeats[$0], input.shape[$0]] },
        strides: input.shape.indices.flatMap { [0, strides[$0]] })
      return [try view.dense().reshaped(input.shape.indices.map { repeats[$0] * input.shape[$0] })]
    },
    OnnxOperator.make(
      "Expand", "The tensor stretched to a shape.", "input shape", "output", infer: Inference.elements(of: "input")
    ) { call throws(Fault) in
      let input = try call.tensor("input")
      let shape = try call.tensor("shape").integers("shape")
      guard shape.allSatisfy({ $0 >= 0 }) else { throw .negativeExtent(shape) }
      return [try input.expanded(to: try Broadcasting.shape(input.shape, shape))]
    },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Tile.ops, $0) }
