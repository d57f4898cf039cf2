import Language
import Tensors

/// The header of an .npy array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NPYHeader {
  let dtype: DType
  let shape: [Int]
  let bigEndian: Bool
  let fortranOrder: Bool
  /// Where the numbers begin.
  let dataOffset: Int

  /// The longest header accepted.
  static let maximum = 1 << 20

  /// `bytes` are the beginning of the array, at least the whole header.
  init(_ bytes: UnsafeRawBufferPointer, _ file: String) throws(Fault) {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      throw .malformed(file, "npy", "it does not begin with NumPy's mark")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw .unsupported(file, "npy version \(version) is unknown") }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw .malformed(file, "npy", "its header is cut off") }
    let length =
      version == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard length <= NPYHeader.maximum else {
      throw .malformed(file, "npy", "its header claims \(length) bytes, the limit is \(NPYHeader.maximum)")
    }
    guard start + length <= bytes.count else { throw .malformed(file, "npy", "its header is cut off") }
    var literal = Literal(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]))
    guard let fields = literal.dictionary() else {
      throw .malformed(file, "npy", "its header is not a dictionary of descr, fortran_order and shape")
    }
    guard case .list(let listed)? = fields["shape"], case .flag(let fortranOrder)? = fields["fortran_order"],
      let descr = fields["descr"]
    else { throw .malformed(file, "npy", "its header lacks descr, fortran_order or shape") }
    guard case .text(let code) = descr else { throw .unsupported(file, "structured arrays cannot be read") }
    var extents = listed
    if let length = NPYHeader.textLength(code) { extents.append(length) }
    let (dtype, bigEndian) = try NPYHeader.element(code, file)
    guard TensorHeader.byteCount(dtype, extents) != nil else {
      throw .malformed(file, "npy", "the shape \(extents) is out of range")
    }
    self.dtype = dtype
    self.bigEndian = bigEndian && dtype.size > 1
    self.fortranOrder = fortranOrder
    shape = extents
    dataOffset = start + length
  }

  /// Letters per text of an array of texts, `<U12`: each letter is a code point in 32 bits, which becomes one more axis.
  private static func textLength(_ code: String) -> Int? {
    let kind = code.drop { "<>=|".contains($0) }
    return kind.first == "U" ? Int(kind.dropFirst()) : nil
  }

  /// The element type and whether it is big-endian, from `<f4` and the like.
  private static func element(_ code: String, _ file: String) throws(Fault) -> (DType, Bool) {
    var kind = Substring(code)
    var bigEndian = false
    if let order = kind.first, "<>=|".contains(order) {
      bigEndian = order == ">"
      kind.removeFirst()
    }
    if kind.hasPrefix("O") {
      throw .unsupported(file, "it holds pickled Python objects, which are never loaded; Tools/convert can convert it")
    }
    if textLength(code) != nil { return (.u32, bigEndian) }
    guard let dtype = DType.npyNames.first(where: { $0.1 == kind })?.0 else {
      throw .unsupported(file, "the element type \"\(code)\" cannot be read")
    }
    return (dtype, bigEndian)
  }

  /// The header NumPy writes for a tensor in C order, padded so that the numbers begin at a multiple of 64.
  static func encoded(_ code: String, _ shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let little = DType.npyNames.contains { $0.1 == code && $0.0.size == 1 } ? "|" : "<"
    let text = "{'descr': '\(little)\(code)', 'fortran_order': False, 'shape': (\(extents)), }"
    let prefix = text.utf8.count + 1 + 10 <= 65535 ? 10 : 12
    let length = (prefix + text.utf8.count + 1 + 63) / 64 * 64 - prefix
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, prefix == 10 ? 1 : 2, 0]
    for place in 0..<(prefix - 8) { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * place))) }
    bytes += text.utf8
    bytes += Array(repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1)
    return bytes + [UInt8(ascii: "\n")]
  }
}

extension DType {
  /// NumPy's codes without the byte order; bf16 has none.
  static let npyNames: [(DType, String)] = [
    (.f16, "f2"), (.f32, "f4"), (.f64, "f8"), (.i8, "i1"), (.i16, "i2"), (.i32, "i4"), (.i64, "i8"), (.u8, "u1"),
    (.u16, "u2"), (.u32, "u4"), (.u64, "u8"), (.bool, "b1"), (.bool, "?"),
  ]
}

/// The part of Python's literals that headers use.
private struct Literal {
  enum Value {
    case text(String)
    case flag(Bool)
    case list([Int])
    /// A list that is no tuple of integers: the description of a structure.
    case other
  }

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func next() -> UInt8? {
    while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    return offset < bytes.count ? bytes[offset] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// The three fields of a header, or nil if it is anything else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var fields: [String: Value] = [:]
    while !take("}") {
      guard let key = string(), take(":"), let value = value(), fields.updateValue(value, forKey: key) == nil,
        take(",") || next() == UInt8(ascii: "}")
      else { return nil }
    }
    return next() == nil && fields.count == 3 ? fields : nil
  }

  private mutating func value() -> Value? {
    switch next() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map(Value.text)
    case UInt8(ascii: "T"): return word("True") ? .flag(true) : nil
    case UInt8(ascii: "F"): return word("False") ? .flag(false) : nil
    case UInt8(ascii: "("): return tuple().map(Value.list)
    case UInt8(ascii: "["): return skipList() ? .other : nil
    default: return nil
    }
  }

  private mutating func word(_ text: String) -> Bool {
    guard bytes[offset...].starts(with: text.utf8) else { return false }
    offset += text.utf8.count
    return true
  }

  private mutating func string() -> String? {
    guard let quote = next(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    guard let end = bytes[(offset + 1)...].firstIndex(of: quote) else { return nil }
    defer { offset = end + 1 }
    return String(validating: bytes[(offset + 1)..<end], as: UTF8.self)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var values: [Int] = []
    while !take(")") {
      guard let value = integer(), take(",") || next() == UInt8(ascii: ")") else { return nil }
      values.append(value)
    }
    return values
  }

  private mutating func integer() -> Int? {
    guard next() != nil else { return nil }
    let start = offset
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    let value = Int(String(decoding: bytes[start..<offset], as: UTF8.self))
    // Python 2 wrote long integers with a letter.
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "L") { offset += 1 }
    return value
  }

  private mutating func skipList() -> Bool {
    var depth = 0
    repeat {
      guard let byte = next() else { return false }
      offset += 1
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth -= 1 }
    } while depth > 0
    return true
  }
}
