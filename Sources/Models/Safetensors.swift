import Language
import Tensors

/// A safetensors file (https://github.com/huggingface/safetensors): an 8-byte little-endian length, a JSON header of
/// that length, then the numbers, little-endian, without gaps.
///
/// The whole header is checked on opening: unique names, known dtypes, ranges that fit their shapes and cover the rest
/// of the file exactly once. Numbers are mapped and read when they are touched.
public struct Safetensors: TensorSource {
  /// The largest header accepted, the limit of the reference implementation.
  public static let maximumHeader = 100_000_000

  public let headers: [TensorHeader]
  /// The header's `__metadata__`.
  public let metadata: [String: String]
  private let buffer: Buffer
  private let offsets: [String: Int]
  private let file: String

  public init(_ path: String) throws(Fault) { try self.init(MappedFile.open(path), name: path) }

  /// Over the bytes of a file; `name` is for messages.
  public init(_ buffer: Buffer, name file: String) throws(Fault) {
    self.file = file
    self.buffer = buffer
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount)
    guard bytes.count >= 8 else { throw .malformed(file, "safetensors", "it has only \(bytes.count) bytes") }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.maximumHeader else {
      throw .malformed(file, "safetensors", "its header claims \(length) bytes, the limit is \(Self.maximumHeader)")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw .malformed(file, "safetensors", "its header claims \(length) bytes of a file of \(bytes.count)")
    }
    var entries: [Entry] = []
    do throws(JSONScanner.Failure) {
      (entries, metadata) = try Self.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<8 + Int(length)]))
    } catch {
      throw .malformed(file, "safetensors", "\(error.why) at byte \(8 + error.offset)")
    }
    let start = 8 + Int(length)
    try Self.check(&entries, dataSize: bytes.count - start, file)
    headers = entries.map(\.header)
    offsets = Dictionary(uniqueKeysWithValues: entries.map { ($0.header.name, start + $0.begin) })
  }

  public func load(_ header: TensorHeader) throws(Fault) -> Tensor {
    guard let offset = offsets[header.name] else {
      throw .unknownTensor(header.name, file, headers.map(\.name))
    }
    return try Tensor.over(buffer, offset, header, file)
  }

  struct Entry {
    let header: TensorHeader
    let begin: Int
    let end: Int
  }

  private static func parse(
    _ text: UnsafeRawBufferPointer
  ) throws(JSONScanner.Failure) -> ([Entry], [String: String]) {
    var scanner = JSONScanner(text)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try scanner.object { (scanner: inout JSONScanner, name: String) throws(JSONScanner.Failure) in
      if name == "__metadata__" {
        try scanner.object { (scanner: inout JSONScanner, key: String) throws(JSONScanner.Failure) in
          metadata[key] = try scanner.string()
        }
      } else {
        entries.append(try entry(&scanner, name))
      }
    }
    try scanner.expectEnd()
    return (entries, metadata)
  }

  private static func entry(_ scanner: inout JSONScanner, _ name: String) throws(JSONScanner.Failure) -> Entry {
    var dtype: DType?
    var shape: [Int]?
    var range: [Int]?
    try scanner.object { (scanner: inout JSONScanner, key: String) throws(JSONScanner.Failure) in
      switch key {
      case "dtype":
        let text = try scanner.string()
        dtype = DType(safetensors: text)
        if dtype == nil { throw scanner.failure("\"\(name)\" has the unknown dtype \"\(text)\"") }
      case "shape": shape = try scanner.integers()
      case "data_offsets": range = try scanner.integers()
      default: throw scanner.failure("\"\(name)\" has the unknown key \"\(key)\"")
      }
    }
    guard let dtype, let shape, let range, range.count == 2 else {
      throw scanner.failure("\"\(name)\" needs dtype, shape and two data_offsets")
    }
    return Entry(header: TensorHeader(name: name, dtype: dtype, shape: shape), begin: range[0], end: range[1])
  }

  /// Sorts the entries by place and checks that they tile the data.
  private static func check(_ entries: inout [Entry], dataSize: Int, _ file: String) throws(Fault) {
    entries.sort { ($0.begin, $0.end, $0.header.name) < ($1.begin, $1.end, $1.header.name) }
    var end = 0
    var previous = ""
    for entry in entries {
      let name = entry.header.name
      guard entry.begin <= entry.end, entry.end <= dataSize else {
        throw .malformed(
          file, "safetensors", "\"\(name)\" lies at \(entry.begin)..<\(entry.end) of \(dataSize) bytes of data")
      }
      guard entry.header.byteCount == entry.end - entry.begin else {
        throw .malformed(
          file, "safetensors",
          "\"\(name)\" has \(entry.end - entry.begin) bytes, which is not \(entry.header.dtype.rawValue)"
            + "\(entry.header.shape)")
      }
      guard entry.begin >= end else {
        throw .malformed(file, "safetensors", "\"\(name)\" overlaps \"\(previous)\"")
      }
      guard entry.begin == end else {
        throw .malformed(file, "safetensors", "\(entry.begin - end) bytes before \"\(name)\" belong to no tensor")
      }
      (end, previous) = (entry.end, name)
    }
    guard end == dataSize else {
      throw .malformed(file, "safetensors", "\(dataSize - end) bytes at the end belong to no tensor")
    }
  }
}

extension Tensor {
  /// A tensor over part of a file, or a copy where its elements are not aligned. The range has been checked.
  static func over(_ buffer: Buffer, _ offset: Int, _ header: TensorHeader, _ file: String) throws(Fault) -> Tensor {
    let size = header.shape.reduce(header.dtype.size, *)
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes + offset, count: size)
    if header.dtype == .bool, let wrong = bytes.firstIndex(where: { $0 > 1 }) {
      throw .unsupported(file, "\"\(header.name)\" is bool, but its byte \(wrong) is \(bytes[wrong])")
    }
    if Int(bitPattern: buffer.bytes + offset) % header.dtype.size == 0 {
      return Tensor(dtype: header.dtype, shape: header.shape, buffer: buffer, offset: offset)
    }
    let copy = Buffer(byteCount: size)
    UnsafeMutableRawBufferPointer(start: copy.bytes, count: size).copyMemory(from: bytes)
    return Tensor(dtype: header.dtype, shape: header.shape, buffer: copy)
  }
}
