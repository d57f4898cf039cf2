extension Tensor {
  /// The same numbers as another element type, rounded to the nearest (ties to even). Towards integers fractions are
  /// cut off, what lies outside the range saturates and NaN becomes 0; towards `bool` everything but 0 is true.
  /// Numbers pass through Double, so 64-bit integers keep 53 bits.
  public func converted(to target: DType) -> Tensor {
    if target == dtype { return self }
    let result = Buffer(byteCount: count * target.size)
    dtype.convert(count, buffer.bytes + offset, to: target, result.bytes)
    return Tensor(dtype: target, shape: shape, buffer: result)
  }
}

extension DType {
  /// The same for `count` elements at `source`, which are of this type; the results go to `result`.
  public func convert(
    _ count: Int, _ source: UnsafeRawPointer, to target: DType, _ result: UnsafeMutableRawPointer
  ) {
    switch self {
    case .f16: DType.convert(count, from: source, { (value: Float16) in Float(value) }, to: target, result)
    case .bf16:
      DType.convert(
        count, from: source, { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }, to: target, result)
    case .f32: DType.convert(count, from: source, { (value: Float) in value }, to: target, result)
    case .f64: DType.convert(count, from: source, { (value: Double) in value }, to: target, result)
    case .i8: DType.convert(count, from: source, { (value: Int8) in Float(value) }, to: target, result)
    case .i16: DType.convert(count, from: source, { (value: Int16) in Float(value) }, to: target, result)
    case .i32: DType.convert(count, from: source, { (value: Int32) in Double(value) }, to: target, result)
    case .i64: DType.convert(count, from: source, { (value: Int64) in Double(value) }, to: target, result)
    case .u8, .bool: DType.convert(count, from: source, { (value: UInt8) in Float(value) }, to: target, result)
    case .u16: DType.convert(count, from: source, { (value: UInt16) in Float(value) }, to: target, result)
    case .u32: DType.convert(count, from: source, { (value: UInt32) in Double(value) }, to: target, result)
    case .u64: DType.convert(count, from: source, { (value: UInt64) in Double(value) }, to: target, result)
    }
  }

  /// Chooses the writer. `Wide` is Float where that holds every value of the source, Double otherwise.
  @inline(__always)
  private static func convert<Source: BitwiseCopyable, Wide: BinaryFloatingPoint>(
    _ count: Int, from source: UnsafeRawPointer, _ read: (Source) -> Wide, to target: DType,
    _ result: UnsafeMutableRawPointer
  ) {
    switch target {
    case .f16: fill(count, source, read, result) { Float16($0) }
    case .bf16: fill(count, source, read, result) { bfloat($0) }
    case .f32: fill(count, source, read, result) { Float($0) }
    case .f64: fill(count, source, read, result) { Double($0) }
    case .i8: fill(count, source, read, result) { saturated($0) as Int8 }
    case .i16: fill(count, source, read, result) { saturated($0) as Int16 }
    case .i32: fill(count, source, read, result) { saturated($0) as Int32 }
    case .i64: fill(count, source, read, result) { saturated($0) as Int64 }
    case .u8: fill(count, source, read, result) { saturated($0) as UInt8 }
    case .u16: fill(count, source, read, result) { saturated($0) as UInt16 }
    case .u32: fill(count, source, read, result) { saturated($0) as UInt32 }
    case .u64: fill(count, source, read, result) { saturated($0) as UInt64 }
    case .bool: fill(count, source, read, result) { $0 == 0 ? UInt8(0) : 1 }
    }
  }

  @inline(__always)
  private static func fill<Source: BitwiseCopyable, Wide, Target: BitwiseCopyable>(
    _ count: Int, _ source: UnsafeRawPointer, _ read: (Source) -> Wide, _ result: UnsafeMutableRawPointer,
    _ write: (Wide) -> Target
  ) {
    let from = source.assumingMemoryBound(to: Source.self)
    let to = result.assumingMemoryBound(to: Target.self)
    for index in 0..<count { to[index] = write(read(from[index])) }
  }

  /// The bits of the nearest bfloat16. A Double is rounded once: to odd in Float, then to even.
  @inline(__always)
  private static func bfloat<Wide: BinaryFloatingPoint>(_ value: Wide) -> UInt16 {
    let near = Float(value)
    if near.isNaN { return UInt16(truncatingIfNeeded: near.bitPattern >> 16) | 0x40 }
    var bits = near.bitPattern
    if Wide(near) != value, near.isFinite, bits & 1 == 0 {
      // The odd neighbour on the side of the true value keeps what the rounding to even must know.
      bits = abs(Wide(near)) < abs(value) ? bits + 1 : bits - 1
    }
    return UInt16(truncatingIfNeeded: (UInt64(bits) + 0x7FFF + UInt64(bits >> 16 & 1)) >> 16)
  }

  @inline(__always)
  private static func saturated<Wide: BinaryFloatingPoint, Target: FixedWidthInteger>(_ value: Wide) -> Target {
    if value.isNaN { return 0 }
    if let exact = Target(exactly: value.rounded(.towardZero)) { return exact }
    return value < 0 ? .min : .max
  }
}
