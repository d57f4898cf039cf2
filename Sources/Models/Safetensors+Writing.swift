import Language
import Tensors

extension Safetensors {
  /// Writes tensors atomically. The bytes depend on nothing but the arguments: tensors lie in order of falling element
  /// size and then of name, metadata in order of key, and the header is padded with spaces to a multiple of 8.
  /// Names must be unique and not `__metadata__`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
  ) throws(Fault) {
    let sorted = try ordered(tensors, path)
    var head = header(sorted, metadata)
    let length = UInt64(head.count).littleEndian
    head.insert(contentsOf: withUnsafeBytes(of: length) { Array($0) }, at: 0)
    let result: Result<Void, Fault> = head.withUnsafeBytes { head in
      Result { () throws(Fault) in
        try MappedFile.replace(path, with: [head] + sorted.map(\.tensor.bytes))
      }
    }
    // The pieces point into the tensors' buffers.
    withExtendedLifetime(sorted) {}
    try result.get()
  }

  private static func ordered(
    _ tensors: [(name: String, tensor: Tensor)], _ path: String
  ) throws(Fault) -> [(name: String, tensor: Tensor)] {
    let sorted = tensors.sorted { ($1.tensor.dtype.size, $0.name) < ($0.tensor.dtype.size, $1.name) }
    var names = Set<String>()
    for (name, _) in sorted where name == "__metadata__" || !names.insert(name).inserted {
      throw .unsupported(path, "no two tensors can be named \"\(name)\", and none \"__metadata__\"")
    }
    return sorted
  }

  private static func header(_ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      fields.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(name)):{\"dtype\":\"\(tensor.dtype.safetensors)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(fields.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return text
  }

  private static func quoted(_ text: String) -> String { Literal.string(text).description }
}

extension DType {
  private static let safetensorsNames: [(DType, String)] = [
    (.f64, "F64"), (.f32, "F32"), (.f16, "F16"), (.bf16, "BF16"), (.i64, "I64"), (.i32, "I32"), (.i16, "I16"),
    (.i8, "I8"), (.u64, "U64"), (.u32, "U32"), (.u16, "U16"), (.u8, "U8"), (.bool, "BOOL"),
  ]

  /// From the name that a safetensors header uses.
  init?(safetensors name: String) {
    guard let entry = DType.safetensorsNames.first(where: { $0.1 == name }) else { return nil }
    self = entry.0
  }

  var safetensors: String { DType.safetensorsNames.first { $0.0 == self }!.1 }
}
