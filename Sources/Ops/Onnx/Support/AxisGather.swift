import Language
import Tensors

/// Reads a tensor through one list of indices per axis; -1 stands for a fill value. What padding and cropping come down to.
struct AxisGather {
  let tensor: Tensor
  /// Per axis; each index is -1 or within the axis.
  let indices: [[Int]]
  /// One element of the tensor's type; nil fills with 0.
  let fill: Tensor?

  init(_ tensor: Tensor, _ indices: [[Int]], fill: Tensor? = nil) {
    self.tensor = tensor
    self.indices = indices
    self.fill = fill
  }

  func dense() throws(Fault) -> Tensor {
    if indices.isEmpty { return tensor }
    let shape = indices.map(\.count)
    let result = try Assembly(dtype: tensor.dtype, shape: shape)
    switch tensor.dtype.size {
    case 1: copy(UInt8.self, 0, result.buffer)
    case 2: copy(UInt16.self, 0, result.buffer)
    case 4: copy(UInt32.self, 0, result.buffer)
    default: copy(UInt64.self, 0, result.buffer)
    }
    return Tensor(dtype: tensor.dtype, shape: shape, buffer: result.buffer)
  }

  private func copy<T: BitwiseCopyable>(_ type: T.Type, _ zero: T, _ buffer: Buffer) {
    let output = buffer.bytes.assumingMemoryBound(to: T.self)
    let filler = fill?.withMemory(T.self) { $0[0] } ?? zero
    let strides = Extents.strides(tensor.shape)
    tensor.withMemory(T.self) { input in
      var at = 0
      copy(axis: 0, from: 0, strides, filler, input, output, &at)
    }
  }

  /// `from` is the offset chosen by the outer axes; nil where one of them is filled.
  private func copy<T: BitwiseCopyable>(
    axis: Int, from: Int?, _ strides: [Int], _ filler: T, _ input: UnsafePointer<T>, _ output: UnsafeMutablePointer<T>,
    _ at: inout Int
  ) {
    if axis == indices.count - 1 {
      for index in indices[axis] {
        output[at] = if let from, index >= 0 { input[from + index] } else { filler }
        at += 1
      }
      return
    }
    for index in indices[axis] {
      let inner = index < 0 ? nil : from.map { $0 + index * strides[axis] }
      copy(axis: axis + 1, from: inner, strides, filler, input, output, &at)
    }
  }
}
