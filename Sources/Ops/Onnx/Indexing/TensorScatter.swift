import Language
import Tensors

/// ONNX TensorScatter (24): a cache with an update written along its sequence axis, from a place of each sample on; `circular`
/// goes on at the beginning.
enum TensorScatter {
  static let op = OnnxOperator.make(
    "TensorScatter", "A cache with an update written into it.", "past_cache update write_indices?", "present_cache",
    [.attribute("axis", -2), .attribute("mode", words: ["linear", "circular"])], infer: Inference.like("past_cache")
  ) { call throws(Fault) in
    let (cache, update) = (try call.tensor("past_cache"), try call.tensor("update"))
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: cache.rank)
    guard cache.dtype == update.dtype else { throw .elementTypes("past_cache", cache.dtype, "update", update.dtype) }
    guard axis > 0, update.rank == cache.rank, update.shape[axis] <= cache.shape[axis],
      cache.shape.indices.allSatisfy({ $0 == axis || cache.shape[$0] == update.shape[$0] })
    else { throw .disagree("past_cache", cache.shape, "update", update.shape, "only axis \(axis) may be shorter") }
    let starts = try call.integers(at: "write_indices") ?? Array(repeating: 0, count: cache.shape[0])
    guard starts.count == cache.shape[0] else { throw .listLength("write_indices", starts.count, cache.shape[0]) }
    let (outer, extent, inner) = Extents.around(axis, cache.shape)
    let length = update.shape[axis]
    let isCircular = call.attributes.string("mode") == "circular"
    let result = try Assembly(dtype: cache.dtype, shape: cache.shape)
    result.copy(cache, from: 0, to: 0, count: cache.count)
    for row in 0..<outer where inner > 0 {
      let start = starts[row / (outer / cache.shape[0])]
      for step in 0..<length {
        let place = isCircular ? ((start % extent) + extent + step) % extent : start &+ step
        guard (0..<extent).contains(place) else { throw .index(place, extent) }
        result.copy(
          update, from: (row * length + step) * inner, to: (row * extent + place) * inner, count: inner)
      }
    }
    return [Tensor(dtype: cache.dtype, shape: cache.shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorScatter.op, $0) }
