import Language
import Tensors

/// Numbers that stand in fields of their own instead of as raw bytes (onnx.proto, `TensorProto`): narrow integers and
/// half precision one to an int32, others as they are.
struct TensorNumbers {
  private let proto: TensorProto
  private let buffer: Buffer

  init(_ proto: TensorProto, _ buffer: Buffer) {
    self.proto = proto
    self.buffer = buffer
  }

  func tensor(_ header: TensorHeader, _ file: OnnxFile) throws(Fault) -> Tensor {
    let bits: [UInt64]
    do throws(WireFailure) { bits = try self.bits(header.dtype) } catch {
      throw .malformed(file.path, "ONNX", "\(error.why) at byte \(error.offset)")
    }
    let size = header.dtype.size
    guard bits.count * size == header.byteCount else { throw file.wrongSize(header, bits.count * size) }
    let memory = Buffer(byteCount: bits.count * size)
    for (index, word) in bits.enumerated() {
      // Little-endian: the low bytes come first.
      withUnsafeBytes(of: word.littleEndian) { bytes in
        (memory.bytes + index * size).copyMemory(from: bytes.baseAddress!, byteCount: size)
      }
    }
    return Tensor(dtype: header.dtype, shape: header.shape, buffer: memory)
  }

  private func bits(_ dtype: DType) throws(WireFailure) -> [UInt64] {
    switch dtype {
    case .f32: try fixed(proto.floats, UInt32.self)
    case .f64: try fixed(proto.doubles, UInt64.self)
    case .i64: try varints(proto.int64s)
    case .u32, .u64: try varints(proto.uint64s)
    case .i8, .u8, .i16, .u16, .i32, .f16, .bf16: try varints(proto.int32s)
    case .bool: try varints(proto.int32s).map { $0 == 0 ? 0 : 1 }
    }
  }

  private func fixed<T: FixedWidthInteger>(
    _ numbers: [TensorProto.Numbers], _ type: T.Type
  ) throws(WireFailure) -> [UInt64] {
    var result: [UInt64] = []
    for entry in numbers {
      switch entry {
      case .one(let bits): result.append(bits)
      case .packed(let range):
        var reader = WireReader(buffer, range)
        while reader.at < reader.end { result.append(UInt64(try reader.fixed(type))) }
      }
    }
    return result
  }

  private func varints(_ numbers: [TensorProto.Numbers]) throws(WireFailure) -> [UInt64] {
    var result: [UInt64] = []
    for entry in numbers {
      switch entry {
      case .one(let bits): result.append(bits)
      case .packed(let range):
        var reader = WireReader(buffer, range)
        while reader.at < reader.end { result.append(try reader.varint()) }
      }
    }
    return result
  }
}
