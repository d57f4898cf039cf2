import Tensors

/// How a file lays out the kernels of layers, against the house's own order: OIHW for convolutions, [out, in] for
/// linear layers.
public enum WeightLayout: String, Sendable, CaseIterable {
  /// PyTorch's, which is ours.
  case oihw
  /// TensorFlow's and Keras': kernels [height, width, in, out] and matrices [in, out]. (A transposed convolution's
  /// [height, width, out, in] becomes PyTorch's [in, out, height, width].)
  case hwio

  /// The order of a stored tensor's axes in ours; nil where nothing moves.
  private func axes(rank: Int) -> [Int]? {
    switch (self, rank) {
    case (.hwio, 4): [3, 2, 0, 1]
    case (.hwio, 2): [1, 0]
    default: nil
    }
  }

  /// The shape in our order.
  public func shape(_ stored: [Int]) -> [Int] { axes(rank: stored.count)?.map { stored[$0] } ?? stored }

  /// The tensor in our order; what has nothing to move is returned as it is.
  public func applied(to tensor: Tensor) -> Tensor {
    guard let axes = axes(rank: tensor.rank) else { return tensor }
    var strides = Array(repeating: tensor.dtype.size, count: tensor.rank)
    for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * tensor.shape[axis + 1] }
    let shape = shape(tensor.shape)
    let result = Buffer(byteCount: tensor.byteCount)
    let source = UnsafeRawPointer(tensor.buffer.bytes + tensor.offset)
    let moved = axes.map { strides[$0] }
    switch tensor.dtype.size {
    case 1: WeightLayout.gather(UInt8.self, source, shape, moved, result)
    case 2: WeightLayout.gather(UInt16.self, source, shape, moved, result)
    case 4: WeightLayout.gather(UInt32.self, source, shape, moved, result)
    default: WeightLayout.gather(UInt64.self, source, shape, moved, result)
    }
    return Tensor(dtype: tensor.dtype, shape: shape, buffer: result)
  }

  @inline(__always)
  private static func gather<T: BitwiseCopyable>(
    _ type: T.Type, _ source: UnsafeRawPointer, _ shape: [Int], _ strides: [Int], _ result: Buffer
  ) {
    let count = shape.reduce(1, *)
    guard count > 0, let last = shape.last, let step = strides.last else { return }
    let target = result.bytes.bindMemory(to: T.self, capacity: count)
    var row = StridedPlace(shape: shape.dropLast(), strides: strides.dropLast())
    for index in stride(from: 0, to: count, by: last) {
      let from = source + row.offset
      for place in 0..<last { target[index + place] = from.load(fromByteOffset: place * step, as: T.self) }
      row.advance()
    }
  }
}
