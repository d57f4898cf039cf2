import Language
import Tensors

/// ONNX OneHot (9 to 28): a new axis of `depth` places with the second of two values at the index and the first elsewhere;
/// indices outside -depth..<depth give no second value.
enum OneHot {
  static let op = OnnxOperator.make(
    "OneHot", "A new axis with one value at the index and another elsewhere.", "indices depth values", "output",
    [.attribute("axis", -1)],
    infer: { facts throws(Fault) in
      let rank = facts.tensor("indices").shape.map { $0.count + 1 }
      return [Inference.tensor(facts.tensor("values").dtype, rank.map(Inference.unknown))]
    }
  ) { call throws(Fault) in
    let (indices, values) = (try call.tensor("indices"), try call.tensor("values"))
    guard values.count == 2 else { throw .extents("values", values.shape, [2]) }
    guard let depth = try call.scalar(at: "depth"), depth >= 0, depth < 1e15 else { throw .noTensor("depth") }
    let extent = Int(depth)
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: indices.rank + 1)
    var shape = indices.shape
    shape.insert(extent, at: axis)
    let result = try Assembly(dtype: values.dtype, shape: shape)
    let inner = indices.shape[axis...].reduce(1, *)
    for at in 0..<(try Extents.count(shape)) { result.copy(values, from: 0, to: at) }
    for (at, index) in indices.doubles().enumerated() where index >= -depth && index < depth {
      let place = Int(index) < 0 ? Int(index) + extent : Int(index)
      result.copy(values, from: 1, to: (at / inner * extent + place) * inner + at % inner)
    }
    return [Tensor(dtype: values.dtype, shape: shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(OneHot.op, $0) }
