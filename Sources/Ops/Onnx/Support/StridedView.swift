import Language
import Tensors

/// A tensor read with other extents and strides (in elements): what transposing, slicing and stretching come down to.
struct StridedView {
  let tensor: Tensor
  let shape: [Int]
  let strides: [Int]
  let offset: Int

  init(_ tensor: Tensor, shape: [Int], strides: [Int], offset: Int = 0) {
    self.tensor = tensor
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// The elements in row-major order.
  func dense() throws(Fault) -> Tensor {
    let size = tensor.dtype.size
    let buffer = Buffer(byteCount: try Extents.count(shape, size: size) * size)
    switch size {
    case 1: copy(UInt8.self, buffer)
    case 2: copy(UInt16.self, buffer)
    case 4: copy(UInt32.self, buffer)
    default: copy(UInt64.self, buffer)
    }
    return Tensor(dtype: tensor.dtype, shape: shape, buffer: buffer)
  }

  private func copy<T: BitwiseCopyable>(_ type: T.Type, _ buffer: Buffer) {
    let output = buffer.bytes.bindMemory(to: T.self, capacity: buffer.byteCount / MemoryLayout<T>.size)
    let walk = StridedWalk(shape, [strides])
    let step = walk.steps[0]
    tensor.withMemory(T.self) { input in
      walk.forEachRow { start, length, offsets in
        let from = input + (offset + offsets[0])
        if step == 1 {
          (output + start).update(from: from, count: length)
        } else {
          for index in 0..<length { output[start + index] = from[index * step] }
        }
      }
    }
  }
}

extension Tensor {
  /// Stretched to `target`, which must be what broadcasting with it gives.
  func expanded(to target: [Int]) throws(Fault) -> Tensor {
    if shape == target { return self }
    guard rank <= target.count, Swift.zip(shape.reversed(), target.reversed()).allSatisfy({ $0 == $1 || $0 == 1 })
    else { throw .notExpandable(shape, target) }
    return try StridedView(self, shape: target, strides: Broadcasting.strides(shape, over: target)).dense()
  }

  /// Axes in another order: axis i of the result is axis `order[i]` here.
  func transposed(_ order: [Int]) throws(Fault) -> Tensor {
    if order == Array(0..<rank) { return self }
    let strides = Extents.strides(shape)
    return try StridedView(self, shape: order.map { shape[$0] }, strides: order.map { strides[$0] }).dense()
  }

  /// `axis` moved to the end.
  func movingLast(_ axis: Int) throws(Fault) -> Tensor {
    try transposed(Array(0..<rank).filter { $0 != axis } + [axis])
  }

  /// The last axis moved to place `axis`: undoes `movingLast`.
  func movingLast(to axis: Int) throws(Fault) -> Tensor {
    try transposed(Array(0..<axis) + [rank - 1] + Array(axis..<(rank - 1)))
  }
}

/// A tensor put together from pieces of `size`-byte elements.
struct Assembly {
  let buffer: Buffer
  let size: Int

  init(dtype: DType, shape: [Int], zeroed: Bool = false) throws(Fault) {
    size = dtype.size
    buffer = Buffer(byteCount: try Extents.count(shape, size: size) * size, zeroed: zeroed)
  }

  /// Copies `count` elements of `tensor` from element `from` to element `to`. Ranges are checked.
  func copy(_ tensor: Tensor, from: Int, to: Int, count: Int = 1) {
    precondition(from >= 0 && to >= 0 && (from + count) <= tensor.count && (to + count) * size <= buffer.byteCount)
    withExtendedLifetime(tensor.buffer) {
      (buffer.bytes + to * size).copyMemory(
        from: tensor.buffer.bytes + tensor.offset + from * size, byteCount: count * size)
    }
  }
}
