import Tensors

/// Why bytes are not protocol buffers.
struct WireFailure: Error {
  let why: String
  let offset: Int
}

/// Reads the fields of one protocol-buffers message (https://protobuf.dev/programming-guides/encoding) where it lies:
/// strings, sub-messages and packed numbers are ranges of the buffer, so that weights stay in the mapped file.
struct WireReader {
  enum Payload {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes(Range<Int>)
  }

  struct Field {
    let number: Int
    let payload: Payload
    let offset: Int
  }

  let buffer: Buffer
  private(set) var at: Int
  let end: Int

  init(_ buffer: Buffer, _ range: Range<Int>) {
    self.buffer = buffer
    at = range.lowerBound
    end = range.upperBound
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws(WireFailure) -> Field? {
    guard at < end else { return nil }
    let start = at
    let key = try varint()
    let number = key >> 3
    guard (1...UInt64(1 << 29 - 1)).contains(number) else { throw failure("field number \(number)", start) }
    let payload: Payload
    switch key & 7 {
    case 0: payload = .varint(try varint())
    case 1: payload = .fixed64(try fixed(UInt64.self))
    case 2:
      let length = try varint()
      guard length <= UInt64(end - at) else {
        throw failure("field \(number) claims \(length) bytes where \(end - at) are left", start)
      }
      payload = .bytes(at..<at + Int(length))
      at += Int(length)
    case 5: payload = .fixed32(try fixed(UInt32.self))
    default: throw failure("field \(number) has the unknown kind \(key & 7)", start)
    }
    return Field(number: Int(number), payload: payload, offset: start)
  }

  /// A number of seven bits a byte, lowest first, at most ten bytes.
  mutating func varint() throws(WireFailure) -> UInt64 {
    let start = at
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while at < end {
      let byte = byte(at)
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 70 else { throw failure("a number of more than ten bytes", start) }
    }
    throw failure("a number that is cut off", start)
  }

  mutating func fixed<T: FixedWidthInteger>(_ type: T.Type) throws(WireFailure) -> T {
    guard end - at >= MemoryLayout<T>.size else { throw failure("a number that is cut off", at) }
    defer { at += MemoryLayout<T>.size }
    return T(littleEndian: UnsafeRawPointer(buffer.bytes + at).loadUnaligned(as: T.self))
  }

  private func byte(_ offset: Int) -> UInt8 { buffer.bytes.load(fromByteOffset: offset, as: UInt8.self) }

  func failure(_ why: String, _ offset: Int) -> WireFailure { WireFailure(why: why, offset: offset) }
}

extension WireReader.Field {
  func bytes() throws(WireFailure) -> Range<Int> {
    guard case .bytes(let range) = payload else { throw wrongKind("bytes") }
    return range
  }

  func text(_ buffer: Buffer) throws(WireFailure) -> String {
    let range = try bytes()
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes + range.lowerBound, count: range.count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WireFailure(why: "text that is not UTF-8", offset: offset)
    }
    return text
  }

  func int() throws(WireFailure) -> Int {
    guard case .varint(let bits) = payload else { throw wrongKind("an integer") }
    return Int(truncatingIfNeeded: bits)
  }

  func float() throws(WireFailure) -> Float {
    guard case .fixed32(let bits) = payload else { throw wrongKind("a number of four bytes") }
    return Float(bitPattern: bits)
  }

  /// One or, packed, several integers.
  func ints(_ buffer: Buffer) throws(WireFailure) -> [Int] {
    guard case .bytes(let range) = payload else { return [try int()] }
    var reader = WireReader(buffer, range)
    var values: [Int] = []
    while reader.at < reader.end { values.append(Int(truncatingIfNeeded: try reader.varint())) }
    return values
  }

  /// One or, packed, several numbers of four bytes.
  func floats(_ buffer: Buffer) throws(WireFailure) -> [Float] {
    guard case .bytes(let range) = payload else { return [try float()] }
    var reader = WireReader(buffer, range)
    var values: [Float] = []
    while reader.at < reader.end { values.append(Float(bitPattern: try reader.fixed(UInt32.self))) }
    return values
  }

  private func wrongKind(_ wanted: String) -> WireFailure {
    WireFailure(why: "field \(number) is not \(wanted)", offset: offset)
  }
}

/// A message that is read field by field; fields that it does not know are passed over, as protocol buffers ask.
protocol WireMessage: Sendable {
  init()
  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure)
}

/// Where a message lies, and how deep inside others.
struct WireContext {
  /// As deep as other readers of protocol buffers go.
  static let maximumDepth = 100

  let buffer: Buffer
  var depth = 0

  func message<Message: WireMessage>(_ type: Message.Type, _ range: Range<Int>) throws(WireFailure) -> Message {
    guard depth < WireContext.maximumDepth else {
      throw WireFailure(
        why: "messages inside messages more than \(WireContext.maximumDepth) deep", offset: range.lowerBound)
    }
    var message = Message()
    var reader = WireReader(buffer, range)
    let inner = WireContext(buffer: buffer, depth: depth + 1)
    while let field = try reader.next() { try message.read(field, inner) }
    return message
  }

  func message<Message: WireMessage>(
    _ type: Message.Type, _ field: WireReader.Field
  ) throws(WireFailure) -> Message { try message(type, try field.bytes()) }
}
