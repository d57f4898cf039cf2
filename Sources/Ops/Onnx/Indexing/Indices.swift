import Language
import Tensors

/// Index tensors, read and checked.
enum Indices {
  /// Indices into an axis, negative ones from its end.
  static func resolved(_ tensor: Tensor, _ port: String, _ extent: Int) throws(Fault) -> [Int] {
    var result = try tensor.integers(port)
    for place in result.indices {
      let index = result[place]
      guard (-extent..<extent).contains(index) else { throw .index(index, extent) }
      if index < 0 { result[place] = index + extent }
    }
    return result
  }

  /// Offsets (in slices) of index tuples in the last axis of `tensor` over the first axes of `shape`.
  static func offsets(_ tensor: Tensor, _ port: String, over shape: [Int]) throws(Fault) -> [Int] {
    let depth = shape.count
    let values = try tensor.integers(port)
    let count = depth == 0 ? tensor.shape.dropLast().reduce(1, *) : values.count / depth
    var result: [Int] = []
    result.reserveCapacity(count)
    for tuple in 0..<count {
      var offset = 0
      for axis in 0..<depth {
        let index = values[tuple * depth + axis]
        guard (-shape[axis]..<shape[axis]).contains(index) else { throw .index(index, shape[axis]) }
        offset = offset * shape[axis] + (index < 0 ? index + shape[axis] : index)
      }
      result.append(offset)
    }
    return result
  }
}

/// Where each element of an index tensor points to, for the operators that replace one coordinate by an index
/// (GatherElements, ScatterElements).
struct ElementPlaces {
  let offsets: [Int]

  init(_ indices: Tensor, axis: Int, in data: Tensor) throws(Fault) {
    guard indices.rank == data.rank,
      data.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= data.shape[$0] })
    else { throw .disagree("data", data.shape, "indices", indices.shape, "indices must lie within data") }
    let chosen = try Indices.resolved(indices, "indices", data.shape[axis])
    var strides = Extents.strides(data.shape)
    let step = strides[axis]
    strides[axis] = 0
    var offsets = Array(repeating: 0, count: chosen.count)
    let walk = StridedWalk(indices.shape, [strides])
    let along = walk.steps[0]
    walk.forEachRow { start, length, bases in
      for index in 0..<length { offsets[start + index] = bases[0] + index * along + chosen[start + index] * step }
    }
    self.offsets = offsets
  }
}
