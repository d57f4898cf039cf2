import Tensors

/// A tensor as it lies in the file: where its numbers are, not the numbers.
struct TensorProto: WireMessage {
  /// Numbers in a field of their own type; several occurrences follow each other.
  enum Numbers {
    case packed(Range<Int>)
    case one(UInt64)
  }

  var name = ""
  var extents: [Int] = []
  var elementType = 0
  var isSegment = false
  var raw: Range<Int>?
  var floats: [Numbers] = []
  var int32s: [Numbers] = []
  var int64s: [Numbers] = []
  var doubles: [Numbers] = []
  var uint64s: [Numbers] = []
  var hasStrings = false
  var isExternal = false
  /// `location`, `offset`, `length`, `checksum`.
  var external: [String: String] = [:]

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: extents += try field.ints(context.buffer)
    case 2: elementType = try field.int()
    case 3: isSegment = true
    case 4: floats.append(numbers(field))
    case 5: int32s.append(numbers(field))
    case 6: hasStrings = true
    case 7: int64s.append(numbers(field))
    case 8: name = try field.text(context.buffer)
    case 9: raw = try field.bytes()
    case 10: doubles.append(numbers(field))
    case 11: uint64s.append(numbers(field))
    case 13:
      let entry = try context.message(Entry.self, field)
      external[entry.key] = entry.value
    case 14: isExternal = try field.int() == 1
    default: break
    }
  }

  private func numbers(_ field: WireReader.Field) -> Numbers {
    switch field.payload {
    case .bytes(let range): .packed(range)
    case .varint(let bits), .fixed64(let bits): .one(bits)
    case .fixed32(let bits): .one(UInt64(bits))
    }
  }

  private struct Entry: WireMessage {
    var key = ""
    var value = ""

    mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
      switch field.number {
      case 1: key = try field.text(context.buffer)
      case 2: value = try field.text(context.buffer)
      default: break
      }
    }
  }
}

/// The few elements of a tensor that are not zero.
struct SparseTensorProto: WireMessage {
  var values: TensorProto?
  var indices: TensorProto?
  var extents: [Int] = []

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: values = try context.message(TensorProto.self, field)
    case 2: indices = try context.message(TensorProto.self, field)
    case 3: extents += try field.ints(context.buffer)
    default: break
    }
  }
}

extension DType {
  /// The number that ONNX gives each element type (`TensorProto.DataType`).
  init?(onnx number: Int) {
    switch number {
    case 1: self = .f32
    case 2: self = .u8
    case 3: self = .i8
    case 4: self = .u16
    case 5: self = .i16
    case 6: self = .i32
    case 7: self = .i64
    case 9: self = .bool
    case 10: self = .f16
    case 11: self = .f64
    case 12: self = .u32
    case 13: self = .u64
    case 16: self = .bf16
    default: return nil
    }
  }

  /// The name of an element type for messages, also of those that are not read.
  static func onnxName(_ number: Int) -> String {
    let names = [
      "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double",
      "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
      "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2",
    ]
    return names.indices.contains(number) ? names[number] : "type \(number)"
  }
}
