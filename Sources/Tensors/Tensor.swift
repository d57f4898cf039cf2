/// An n-dimensional array in row-major order. A value: its contents never change once it is built.
public struct Tensor: Sendable {
  public let dtype: DType
  /// Extents, outermost first; empty for a scalar. An extent may be 0.
  public let shape: [Int]
  public let buffer: Buffer
  /// Where the first element lies in `buffer`, in bytes.
  public let offset: Int

  public init(dtype: DType, shape: [Int], buffer: Buffer, offset: Int = 0) {
    precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in \(shape)")
    let count = shape.reduce(1, *)
    precondition(offset >= 0 && offset + count * dtype.size <= buffer.byteCount, "tensor reaches past its buffer")
    self.dtype = dtype
    self.shape = shape
    self.buffer = buffer
    self.offset = offset
  }

  /// Builds a tensor by filling fresh memory; `fill` must write every element.
  public init<T: Element, E: Error>(
    _ type: T.Type, shape: [Int], fill: (UnsafeMutableBufferPointer<T>) throws(E) -> Void
  ) throws(E) {
    let count = shape.reduce(1, *)
    let buffer = Buffer(byteCount: count * MemoryLayout<T>.stride)
    try fill(UnsafeMutableBufferPointer(start: buffer.bytes.bindMemory(to: T.self, capacity: count), count: count))
    self.init(dtype: T.dtype, shape: shape, buffer: buffer)
  }

  public init<T: Element>(shape: [Int], _ elements: [T]) {
    precondition(elements.count == shape.reduce(1, *), "\(elements.count) elements for shape \(shape)")
    self.init(T.self, shape: shape) { memory in _ = memory.initialize(from: elements) }
  }

  public static func zeros(_ dtype: DType, shape: [Int]) -> Tensor {
    Tensor(dtype: dtype, shape: shape, buffer: Buffer(byteCount: shape.reduce(1, *) * dtype.size, zeroed: true))
  }

  public static func scalar(_ value: Float) -> Tensor { Tensor(shape: [], [value]) }

  public var rank: Int { shape.count }
  public var count: Int { shape.reduce(1, *) }
  public var byteCount: Int { count * dtype.size }
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer.bytes + offset, count: byteCount) }

  /// The elements, for as long as `body` runs. Traps when `type` is not the tensor's dtype.
  public func withElements<T: Element, R, E: Error>(
    _ type: T.Type, _ body: (UnsafeBufferPointer<T>) throws(E) -> R
  ) throws(E) -> R {
    precondition(T.dtype == dtype, "elements of \(dtype) read as \(T.dtype)")
    let start = UnsafeRawPointer(buffer.bytes + offset).assumingMemoryBound(to: T.self)
    return try body(UnsafeBufferPointer(start: start, count: count))
  }

  public func elements<T: Element>(_ type: T.Type) -> [T] { withElements(type) { Array($0) } }

  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot be seen as \(shape)")
    return Tensor(dtype: dtype, shape: shape, buffer: buffer, offset: offset)
  }

  /// Digest of dtype, shape and bytes: equal tensors have equal digests, wherever they lie.
  public var digest: Digest {
    var hasher = ContentHasher()
    hasher.combine(dtype.rawValue)
    hasher.combine(shape.count)
    for extent in shape { hasher.combine(extent) }
    hasher.combine(bytes)
    return hasher.digest
  }
}

extension Tensor: Equatable {
  /// Same dtype, shape and bytes (so a NaN equals itself and 0 differs from -0).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.dtype == b.dtype && a.shape == b.shape && a.bytes.elementsEqual(b.bytes)
  }
}
