import Language
import Tensors

/// ONNX GatherND (11 to 13): slices by index tuples, after `batch_dims` axes that data and indices share.
enum GatherND {
  static let op = OnnxOperator.make(
    "GatherND", "Slices chosen by index tuples.", "data indices", "output", [.attribute("batch_dims", 0)],
    infer: { facts throws(Fault) in
      let (data, indices) = (facts.tensor("data"), facts.tensor("indices"))
      guard let a = data.shape, let b = indices.shape, let depth = b.last?.value else {
        return [Inference.tensor(data.dtype)]
      }
      let start = facts.attributes.int("batch_dims") + depth
      guard start >= 0, start <= a.count else { throw .shape("index tuples of \(depth) into \(facts.type("data"))") }
      return [Inference.tensor(data.dtype, Array(b.dropLast()) + Array(a.dropFirst(start)))]
    }
  ) { call throws(Fault) in
    let (data, indices) = (try call.tensor("data"), try call.tensor("indices"))
    let batch = call.attributes.int("batch_dims")
    guard let depth = indices.shape.last, batch >= 0, batch < indices.rank, batch + depth <= data.rank,
      data.shape[..<batch] == indices.shape[..<batch]
    else { throw .disagree("data", data.shape, "indices", indices.shape, "the index tuples are too long") }
    let offsets = try Indices.offsets(indices, "indices", over: Array(data.shape[batch..<(batch + depth)]))
    let batches = data.shape[..<batch].reduce(1, *)
    let size = data.shape[(batch + depth)...].reduce(1, *)
    let block = data.shape[batch..<(batch + depth)].reduce(1, *)
    let shape = Array(indices.shape.dropLast()) + Array(data.shape[(batch + depth)...])
    let result = try Assembly(dtype: data.dtype, shape: shape)
    for (at, offset) in offsets.enumerated() where size > 0 {
      let start = at / (offsets.count / batches) * block
      result.copy(data, from: (start + offset) * size, to: at * size, count: size)
    }
    return [Tensor(dtype: data.dtype, shape: shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GatherND.op, $0) }
