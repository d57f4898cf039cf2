/// Just enough JSON for the header of a safetensors file: objects, strings and lists of unsigned integers, strictly.
struct JSONScanner {
  struct Failure: Error {
    let why: String
    let offset: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func failure(_ why: String) -> Failure { Failure(why: why, offset: offset) }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  /// Takes the character if it comes next, after space.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard take(character) else { throw failure("expected \"\(character)\"") }
  }

  mutating func expectEnd() throws(Failure) {
    skipSpace()
    guard offset == bytes.count else { throw failure("unexpected text after the header's object") }
  }

  /// An object; `field` is called at the value of each key. Keys must differ.
  mutating func object(_ field: (inout JSONScanner, String) throws(Failure) -> Void) throws(Failure) {
    try expect("{")
    if take("}") { return }
    var seen = Set<String>()
    repeat {
      let key = try string()
      guard seen.insert(key).inserted else { throw failure("\"\(key)\" stands there twice") }
      try expect(":")
      try field(&self, key)
    } while take(",")
    try expect("}")
  }

  mutating func integers() throws(Failure) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var values: [Int] = []
    repeat { values.append(try integer()) } while take(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(Failure) -> Int {
    skipSpace()
    let start = offset
    var value = 0
    while offset < bytes.count, bytes[offset] >= 0x30, bytes[offset] <= 0x39 {
      let (shifted, first) = value.multipliedReportingOverflow(by: 10)
      let (next, second) = shifted.addingReportingOverflow(Int(bytes[offset] - 0x30))
      guard !first, !second else { throw failure("a number is too large") }
      value = next
      offset += 1
    }
    guard offset > start, offset == start + 1 || bytes[start] != 0x30 else {
      throw failure("expected an unsigned integer")
    }
    return value
  }

  mutating func string() throws(Failure) -> String {
    try expect("\"")
    var units: [UInt8] = []
    while true {
      guard offset < bytes.count else { throw failure("a string has no end") }
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw failure("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): units.append(contentsOf: try escape().utf8)
      case 0..<0x20: throw failure("a control character in a string")
      default: units.append(byte)
      }
    }
  }

  private mutating func escape() throws(Failure) -> String {
    guard offset < bytes.count else { throw failure("a string has no end") }
    let byte = bytes[offset]
    offset += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return String(Unicode.Scalar(byte))
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      var units = [try hexUnit()]
      if units[0] & 0xFC00 == 0xD800 {
        guard offset + 2 <= bytes.count, bytes[offset] == 0x5C, bytes[offset + 1] == 0x75 else {
          throw failure("half a surrogate pair")
        }
        offset += 2
        units.append(try hexUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else { throw failure("half a surrogate pair") }
      return text
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func hexUnit() throws(Failure) -> UInt16 {
    guard offset + 4 <= bytes.count else { throw failure("a string has no end") }
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
        throw failure("\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
      offset += 1
    }
    return value
  }
}
