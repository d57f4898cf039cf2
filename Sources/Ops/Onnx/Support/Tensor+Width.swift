import Tensors

extension Tensor {
  /// The same numbers as f64, i64 or u64, exactly.
  func widened() -> Tensor {
    switch dtype {
    case .f64, .i64, .u64: self
    case .f16, .bf16, .f32: converted(to: .f64)
    case .i8: mapped(Int8.self, to: .i64) { Int64($0) }
    case .i16: mapped(Int16.self, to: .i64) { Int64($0) }
    case .i32: mapped(Int32.self, to: .i64) { Int64($0) }
    case .u8, .bool: mapped(UInt8.self, to: .u64) { UInt64($0) }
    case .u16: mapped(UInt16.self, to: .u64) { UInt64($0) }
    case .u32: mapped(UInt32.self, to: .u64) { UInt64($0) }
    }
  }

  /// f64, i64 or u64 numbers as `target`: floats are rounded once to nearest even, integers keep their low bits, and
  /// everything but 0 is true.
  func narrowed(to target: DType) -> Tensor {
    if dtype == target { return self }
    return switch dtype.arithmetic {
    case .real: converted(to: target)
    case .signed: cut(Int64.self, to: target)
    case .unsigned: cut(UInt64.self, to: target)
    }
  }

  private func cut<Wide: FixedWidthInteger & BitwiseCopyable>(_ type: Wide.Type, to target: DType) -> Tensor {
    switch target {
    case .f16: mapped(type, to: target) { Float16($0) }
    case .bf16: converted(to: target)
    case .f32: mapped(type, to: target) { Float($0) }
    case .f64: mapped(type, to: target) { Double($0) }
    case .i8, .u8: mapped(type, to: target) { UInt8(truncatingIfNeeded: $0) }
    case .i16, .u16: mapped(type, to: target) { UInt16(truncatingIfNeeded: $0) }
    case .i32, .u32: mapped(type, to: target) { UInt32(truncatingIfNeeded: $0) }
    case .i64, .u64: mapped(type, to: target) { UInt64(truncatingIfNeeded: $0) }
    case .bool: mapped(type, to: target) { $0 == 0 ? UInt8(0) : 1 }
    }
  }

  /// A function of every element. `A` and `B` are the memory of an element here and in the result.
  @inline(__always)
  func mapped<A: BitwiseCopyable, B: BitwiseCopyable>(
    _ type: A.Type, to target: DType, _ function: (A) -> B
  ) -> Tensor {
    let count = self.count
    let result = Buffer(byteCount: count * target.size)
    let output = result.bytes.bindMemory(to: B.self, capacity: count)
    withMemory(A.self) { input in
      for index in 0..<count { output[index] = function(input[index]) }
    }
    return Tensor(dtype: target, shape: shape, buffer: result)
  }

  /// The memory of the elements, whatever the dtype calls it (bfloat16 is UInt16, bool is UInt8).
  @inline(__always)
  func withMemory<T: BitwiseCopyable, R>(_ type: T.Type, _ body: (UnsafePointer<T>) -> R) -> R {
    withExtendedLifetime(buffer) { body(UnsafeRawPointer(buffer.bytes + offset).assumingMemoryBound(to: T.self)) }
  }
}
