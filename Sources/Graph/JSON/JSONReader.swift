import Language

/// The members of the object under a key, and who gets them.
struct HandedMembers {
  let key: String
  let take: (JSONMember) -> Void
}

/// One pass over the bytes of a file. Columns count scalars: the reader keeps the number of continuation bytes that
/// it met on the current line, so that a place costs nothing to find.
struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: SourceFile
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var continuations = 0
  private var depth = 0
  private(set) var duplicates: [Fault] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    self.bytes = bytes
    self.file = SourceFile(file)
  }

  private var place: Place {
    Place(file, line: line, column: position - lineStart - continuations + 1)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// - Parameter handed: the members of an object of the file's own object that are not to be in the value, and who gets
  ///   them one by one.
  mutating func readFile(_ handed: HandedMembers? = nil) throws(Fault) -> JSONValue {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw .byteOrderMark(at: place) }
    try skipSpace()
    let value = try readValue(handed)
    try skipSpace()
    if next != nil { throw .expected("the end of the file", found: foundHere(), at: place) }
    return value
  }

  // MARK: - Values

  private mutating func readValue(_ handed: HandedMembers? = nil) throws(Fault) -> JSONValue {
    let start = position
    let place = place
    let kind: JSONValue.Kind
    switch next {
    case UInt8(ascii: "{"): kind = .object(try readMembers(handed))
    case UInt8(ascii: "["): kind = .array(try readElements())
    case UInt8(ascii: "\""): kind = .string(try readString())
    case UInt8(ascii: "-")?: kind = .number(try readNumber())
    case let byte? where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): kind = .number(try readNumber())
    default: kind = try readWord()
    }
    return JSONValue(kind, at: place, range: start..<position)
  }

  private mutating func readWord() throws(Fault) -> JSONValue.Kind {
    switch wordHere() {
    case "true":
      position += 4
      return .bool(true)
    case "false":
      position += 5
      return .bool(false)
    case "null":
      position += 4
      return .null
    default: throw .expected("a value", found: foundHere(), at: place)
    }
  }

  private mutating func enter() throws(Fault) {
    depth += 1
    if depth > JSON.maximumDepth { throw .tooDeep(limit: JSON.maximumDepth, at: place) }
    position += 1
    try skipSpace()
  }

  /// Steps over the closing bracket.
  private mutating func leave() {
    depth -= 1
    position += 1
  }

  private mutating func readElements() throws(Fault) -> [JSONValue] {
    try enter()
    var elements: [JSONValue] = []
    while next != UInt8(ascii: "]") {
      elements.append(try readValue())
      try readSeparator(closing: UInt8(ascii: "]"))
    }
    leave()
    return elements
  }

  private mutating func readMembers(_ handed: HandedMembers? = nil) throws(Fault) -> [JSONMember] {
    try enter()
    var members: [JSONMember] = []
    // Where keys stand; of few members none, which are looked through. Strings that are canonically equivalent count as
    // one key, as they do in every dictionary further up.
    var seen: [String: Place] = [:]
    let few = 8
    while next != UInt8(ascii: "}") {
      let (key, keyPlace, keyRange) = try readKey()
      let first = members.count <= few ? members.first { $0.key == key }?.keyPlace : seen[key]
      let value: JSONValue
      if let handed, key == handed.key, first == nil, next == UInt8(ascii: "{") {
        value = try readHanded(handed.take)
      } else {
        value = try readValue()
      }
      if let first {
        duplicates.append(.duplicateKey(key, at: keyPlace, first: first))
      } else {
        members.append(JSONMember(key, at: keyPlace, range: keyRange, value))
        if members.count == few + 1 {
          for member in members { seen[member.key] = member.keyPlace }
        } else if members.count > few {
          seen[key] = keyPlace
        }
      }
      try readSeparator(closing: UInt8(ascii: "}"))
    }
    leave()
    return members
  }

  /// An object whose members are handed on, each as soon as it is read: they are never all in memory.
  private mutating func readHanded(_ take: (JSONMember) -> Void) throws(Fault) -> JSONValue {
    let start = position
    let place = place
    try enter()
    var seen: [String: Place] = [:]
    // A node takes a hundred bytes or so.
    seen.reserveCapacity((bytes.count - position) / 128)
    while next != UInt8(ascii: "}") {
      let (key, keyPlace, keyRange) = try readKey()
      let value = try readValue()
      if let first = seen.updateValue(keyPlace, forKey: key) {
        duplicates.append(.duplicateKey(key, at: keyPlace, first: first))
        seen[key] = first
      } else {
        take(JSONMember(key, at: keyPlace, range: keyRange, value))
      }
      try readSeparator(closing: UInt8(ascii: "}"))
    }
    leave()
    return JSONValue(.object([]), at: place, range: start..<position)
  }

  /// A key and the colon behind it.
  private mutating func readKey() throws(Fault) -> (key: String, place: Place, range: Range<Int>) {
    guard next == UInt8(ascii: "\"") else { throw .expected("a key in quotes", found: foundHere(), at: place) }
    let keyPlace = place
    let start = position
    let key = try readString()
    let range = start..<position
    try skipSpace()
    guard next == UInt8(ascii: ":") else {
      throw .expected("\":\" after the key \(JSON.quoted(key))", found: foundHere(), at: place)
    }
    position += 1
    try skipSpace()
    return (key, keyPlace, range)
  }

  /// The comma between two entries, or nothing before the closing bracket.
  private mutating func readSeparator(closing: UInt8) throws(Fault) {
    try skipSpace()
    if next == closing { return }
    let bracket = Character(Unicode.Scalar(closing))
    guard next == UInt8(ascii: ",") else {
      throw .expected("\",\" or \"\(bracket)\"", found: foundHere(), at: place)
    }
    let comma = place
    position += 1
    try skipSpace()
    if next == closing { throw .trailingComma(before: bracket, at: comma) }
  }

  private mutating func skipSpace() throws(Fault) {
    while let byte = next {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
        lineStart = position
        continuations = 0
      case UInt8(ascii: "/"), UInt8(ascii: "#"): throw .comment(at: place)
      default: return
      }
    }
  }

  // MARK: - Numbers

  private mutating func readNumber() throws(Fault) -> JSONNumber {
    let start = position
    let place = place
    var isInteger = true
    if next == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    try skipDigits(after: start)
    if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
      throw .leadingZero(text(start..<position), at: place)
    }
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try skipDigits(after: start)
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try skipDigits(after: start)
    }
    let written = text(start..<position)
    guard let number = JSONNumber(validText: written, isInteger: isInteger) else {
      throw .numberOutOfRange(written, isInteger: isInteger, at: place)
    }
    return number
  }

  private mutating func skipDigits(after start: Int) throws(Fault) {
    let first = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    if position == first {
      throw .expected("a digit after \(JSON.quoted(text(start..<position)))", found: foundHere(), at: place)
    }
  }

  // MARK: - Strings

  private mutating func readString() throws(Fault) -> String {
    let opening = place
    position += 1
    let start = position
    // Most strings hold no escape, and are taken as they stand.
    try skipPlain(opening: opening)
    if next == UInt8(ascii: "\"") {
      position += 1
      return text(start..<position - 1)
    }
    var decoded = [UInt8](bytes[start..<position])
    while next == UInt8(ascii: "\\") {
      let scalar = try readEscape()
      decoded.append(contentsOf: Array(String(Character(scalar)).utf8))
      let plain = position
      try skipPlain(opening: opening)
      decoded.append(contentsOf: bytes[plain..<position])
    }
    position += 1
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Goes on to the next quote or backslash.
  private mutating func skipPlain(opening: Place) throws(Fault) {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
      case 0..<0x20:
        throw byte == UInt8(ascii: "\n")
          ? .unterminatedString(at: opening) : .controlCharacter(byte, at: place)
      case 0..<0x80: position += 1
      default:
        guard let length = sequenceLength() else { throw .badUTF8(byte, at: place) }
        position += length
        continuations += length - 1
      }
    }
    throw .unterminatedString(at: opening)
  }

  /// The length of the well-formed UTF-8 sequence of more than one byte that starts here (Unicode, table 3-7).
  private func sequenceLength() -> Int? {
    func byte(_ offset: Int, in range: ClosedRange<UInt8> = 0x80...0xbf) -> Bool {
      position + offset < bytes.count && range.contains(bytes[position + offset])
    }
    switch bytes[position] {
    case 0xc2...0xdf: return byte(1) ? 2 : nil
    case 0xe0: return byte(1, in: 0xa0...0xbf) && byte(2) ? 3 : nil
    case 0xed: return byte(1, in: 0x80...0x9f) && byte(2) ? 3 : nil
    case 0xe1...0xef: return byte(1) && byte(2) ? 3 : nil
    case 0xf0: return byte(1, in: 0x90...0xbf) && byte(2) && byte(3) ? 4 : nil
    case 0xf1...0xf3: return byte(1) && byte(2) && byte(3) ? 4 : nil
    case 0xf4: return byte(1, in: 0x80...0x8f) && byte(2) && byte(3) ? 4 : nil
    default: return nil
    }
  }

  private mutating func readEscape() throws(Fault) -> Unicode.Scalar {
    let start = place
    position += 1
    guard let byte = next else { throw .expected("an escape", found: "the end of the file", at: place) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try readCodeUnits(start)
    default:
      position -= 1
      throw .badEscape(found: foundHere(), at: start)
    }
  }

  /// What follows `\u`: four digits, and the second half of a surrogate pair where the first one opens it.
  private mutating func readCodeUnits(_ start: Place) throws(Fault) -> Unicode.Scalar {
    let first = try readHexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw .loneSurrogate(first, at: start) }
    position += 2
    let second = try readHexadecimal()
    guard UTF16.isTrailSurrogate(second) else { throw .loneSurrogate(first, at: start) }
    return Unicode.Scalar(0x10000 + (UInt32(first - 0xd800) << 10 | UInt32(second - 0xdc00)))!
  }

  private mutating func readHexadecimal() throws(Fault) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw .expected("four hexadecimal digits after \"\\u\"", found: foundHere(), at: place)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  // MARK: - What stands here

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The letters, digits and underscores from here on, at most 40.
  private func wordHere() -> String {
    var end = position
    while end < bytes.count, end < position + 40 {
      switch bytes[end] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        end += 1
      default: return text(position..<end)
      }
    }
    return text(position..<end)
  }

  private func foundHere() -> String {
    guard let byte = next else { return "the end of the file" }
    let word = wordHere()
    if !word.isEmpty { return JSON.quoted(word) }
    if byte < 0x20 || byte == 0x7f { return "a control character (\(Fault.hexadecimal(byte)))" }
    guard byte >= 0x80 else {
      return byte == UInt8(ascii: "\"") ? "a string" : JSON.quoted(text(position..<position + 1))
    }
    guard let length = sequenceLength() else { return "a byte that is not UTF-8 (\(Fault.hexadecimal(byte)))" }
    return JSON.quoted(text(position..<position + length))
  }
}
