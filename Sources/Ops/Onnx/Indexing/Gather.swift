import Language
import Tensors

/// ONNX Gather (1 to 13): slices along an axis, by index; negative indices count from the end.
enum Gather {
  static let op = OnnxOperator.make(
    "Gather", "Slices along an axis, by index.", "data indices", "output", [.attribute("axis", 0)],
    infer: { facts throws(Fault) in
      let (data, indices) = (facts.tensor("data"), facts.tensor("indices"))
      guard let shape = data.shape, let wanted = indices.shape else { return [Inference.tensor(data.dtype)] }
      let axis = try Axes.resolved(facts.attributes.int("axis"), rank: shape.count)
      return [Inference.tensor(data.dtype, Array(shape[..<axis]) + wanted + Array(shape.dropFirst(axis + 1)))]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    guard data.rank > 0 else { throw .rank("data", [], "at least one axis") }
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: data.rank)
    let indices = try call.tensor("indices")
    let places = try Indices.resolved(indices, "indices", data.shape[axis])
    let shape = Array(data.shape[..<axis]) + indices.shape + Array(data.shape[(axis + 1)...])
    let result = try Assembly(dtype: data.dtype, shape: shape)
    let (outer, extent, inner) = Extents.around(axis, data.shape)
    for row in 0..<outer where inner > 0 {
      for (at, place) in places.enumerated() {
        result.copy(
          data, from: (row * extent + place) * inner, to: (row * places.count + at) * inner, count: inner)
      }
    }
    return [Tensor(dtype: data.dtype, shape: shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Gather.op, $0) }
