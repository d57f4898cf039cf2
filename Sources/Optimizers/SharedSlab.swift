import Tensors

/// Numbers that an optimiser keeps from step to step and hands out without a copy: whoever writes to them while others
/// hold them copies first. They begin as zeros, which take no memory before the first write.
struct SharedSlab<Scalar: SlabScalar> {
  let count: Int
  private var buffer: Buffer?

  init(count: Int) { self.count = count }

  /// The numbers of a tensor [count] of this element type.
  init(_ tensor: Tensor) {
    count = tensor.count
    buffer = tensor.ownBuffer
  }

  var tensor: Tensor {
    guard let buffer else { return .zeros(Scalar.dtype, shape: [count]) }
    return Tensor(dtype: Scalar.dtype, shape: [count], buffer: buffer)
  }

  /// For reading only.
  func withSlab<R>(_ body: (Slab<Scalar>) -> R) -> R {
    let memory = tensor.buffer
    return withExtendedLifetime(memory) { body(Slab(memory)) }
  }

  mutating func withMutable(_ body: (Slab<Scalar>) -> Void) {
    if buffer == nil {
      buffer = tensor.buffer
    } else if !isKnownUniquelyReferenced(&buffer) {
      buffer = Tensor(shape: [count], tensor.elements(Scalar.self)).buffer
    }
    let start = buffer!.bytes.assumingMemoryBound(to: Scalar.self)
    body(Slab(UnsafeMutableBufferPointer(start: start, count: count)))
  }
}

extension Tensor {
  /// The tensor's buffer if it begins there and holds nothing else, or else a copy of the elements.
  var ownBuffer: Buffer {
    if offset == 0 && buffer.byteCount == byteCount { return buffer }
    let copy = Buffer(byteCount: byteCount)
    UnsafeMutableRawBufferPointer(start: copy.bytes, count: byteCount).copyMemory(from: bytes)
    return copy
  }
}
