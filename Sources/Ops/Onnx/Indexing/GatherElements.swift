import Language
import Tensors

/// ONNX GatherElements (11 to 13): output[i][j][k] = data[i][index[i][j][k]][k] for axis 1.
enum GatherElements {
  static let op = OnnxOperator.make(
    "GatherElements", "Elements whose place along one axis is given by an index.", "data indices", "output",
    [.attribute("axis", 0)],
    infer: { facts throws(Fault) in
      [Inference.tensor(facts.tensor("data").dtype, facts.tensor("indices").shape)]
    }
  ) { call throws(Fault) in
    let (data, indices) = (try call.tensor("data"), try call.tensor("indices"))
    guard data.rank > 0 else { throw .rank("data", [], "at least one axis") }
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: data.rank)
    let places = try ElementPlaces(indices, axis: axis, in: data)
    let result = try Assembly(dtype: data.dtype, shape: indices.shape)
    for (at, place) in places.offsets.enumerated() { result.copy(data, from: place, to: at) }
    return [Tensor(dtype: data.dtype, shape: indices.shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GatherElements.op, $0) }
