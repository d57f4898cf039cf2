import Language
import Tensors

/// ONNX Concat (4 to 13): tensors of one type joined along an axis.
enum Concat {
  static let op = OnnxOperator.make(
    "Concat", "Tensors joined along an axis.", "inputs*", "concat_result", [.attribute(required: "axis")],
    infer: { facts throws(Fault) in
      let types = facts.types("inputs").compactMap(\.tensor)
      guard let first = types.first else { return [Inference.tensor(nil)] }
      let shapes = types.compactMap(\.shape)
      guard shapes.count == types.count, shapes.allSatisfy({ $0.count == shapes[0].count }) else {
        return [Inference.tensor(first.dtype)]
      }
      let axis = try Axes.resolved(facts.attributes.int("axis"), rank: shapes[0].count)
      var result = shapes[0]
      for shape in shapes.dropFirst() { result[axis] = result[axis] + shape[axis] }
      return [Inference.tensor(first.dtype, result)]
    }
  ) { call throws(Fault) in
    let inputs = try call.tensors("inputs")
    return [try join(inputs, axis: try Axes.resolved(call.attributes.int("axis"), rank: inputs[0].rank))]
  }

  static func join(_ inputs: [Tensor], axis: Int) throws(Fault) -> Tensor {
    let first = inputs[0]
    guard first.rank > 0 else { throw .rank("inputs", [], "at least one axis") }
    var shape = first.shape
    for input in inputs.dropFirst() {
      guard input.dtype == first.dtype else { throw .elementTypes("inputs", first.dtype, "inputs", input.dtype) }
      guard input.rank == first.rank, shape.indices.allSatisfy({ $0 == axis || input.shape[$0] == shape[$0] }) else {
        throw .disagree("inputs", first.shape, "inputs", input.shape, "only axis \(axis) may differ")
      }
      shape[axis] += input.shape[axis]
    }
    let result = try Assembly(dtype: first.dtype, shape: shape)
    let (outer, _, inner) = Extents.around(axis, shape)
    var start = 0
    for input in inputs {
      let run = input.shape[axis] * inner
      for row in 0..<outer { result.copy(input, from: row * run, to: row * shape[axis] * inner + start, count: run) }
      start += run
    }
    return Tensor(dtype: first.dtype, shape: shape, buffer: result.buffer)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Concat.op, $0) }
