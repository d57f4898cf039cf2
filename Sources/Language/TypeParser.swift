import Tensors

extension ValueType {
  /// Reads the text form of a type. The fault says what was expected and where in the text.
  public init(parsing text: String) throws(Fault) {
    var parser = TypeParser(text)
    self = try parser.type()
    try parser.end()
  }
}

/// Recursive descent over `tensor<f32>[1,3,H/8,W] rgb 0..1`, `list<T>`, `T?`.
private struct TypeParser {
  private let text: String
  private let letters: [UInt8]
  private var at = 0
  /// How many brackets are open; bounded, because the text is a stranger's and the reader calls itself.
  private var depth = 0
  private static let maximumDepth = 32

  init(_ text: String) {
    self.text = text
    letters = Array(text.utf8)
  }

  mutating func type() throws(Fault) -> ValueType {
    try enter()
    defer { depth -= 1 }
    let name = word()
    var type: ValueType
    switch name {
    case "tensor": type = .tensor(try tensor())
    case "image": type = .image(try image())
    case "list", "stream":
      try expect("<")
      let element = try self.type()
      if name == "list", take(";") {
        var elements = [element]
        repeat { elements.append(try self.type()) } while take(";")
        type = .tuple(elements)
      } else {
        type = name == "list" ? .list(element) : .stream(element)
      }
      try expect(">")
    case "any": type = .any
    case "float": type = .number
    case "boolean": type = .bool
    default:
      guard ValueType.names.contains(name) else {
        let known = ValueType.names.union(["tensor", "image", "list", "stream", "any"])
        throw .badType(text, "\"\(name)\" is not a type\(Suggestion.phrase(for: name, in: known))")
      }
      type = .named(name)
    }
    var isOptional = false
    while take("?") { isOptional = true }
    return isOptional ? .optional(type) : type
  }

  private mutating func enter() throws(Fault) {
    depth += 1
    guard depth <= TypeParser.maximumDepth else {
      throw .badType(String(text.prefix(40)) + "…", "more than \(TypeParser.maximumDepth) levels")
    }
  }

  mutating func end() throws(Fault) {
    skip()
    guard at == letters.count else { throw unexpected("the end") }
  }

  private mutating func tensor() throws(Fault) -> TensorType {
    var type = TensorType(dtype: nil, shape: nil)
    if take("<") {
      let name = word()
      guard let dtype = DType(rawValue: name) else {
        throw .badType(
          text, "\"\(name)\" is not an element type (\(DType.allCases.map(\.rawValue).joined(separator: ", ")))")
      }
      type.dtype = dtype
      try expect(">")
    }
    if peek("[") { type.shape = try dims() }
    while let part = meaningWord() {
      if Meaning.colours.contains(part) {
        type.meaning.colour = part
      } else if Meaning.layouts.contains(part) {
        type.meaning.layout = part
      } else if Meaning.ranges.contains(part) || TypeParser.isRange(part) {
        type.meaning.range = part
      } else {
        throw .badType(text, "\"\(part)\" is neither a colour order, an axis layout nor a value range")
      }
    }
    return type
  }

  /// `low..high`.
  private static func isRange(_ text: String) -> Bool {
    let letters = Array(text.utf8)
    guard let dots = letters.indices.dropLast().first(where: { letters[$0] == 46 && letters[$0 + 1] == 46 }),
      let low = Double(String(decoding: letters[..<dots], as: UTF8.self)),
      let high = Double(String(decoding: letters[(dots + 2)...], as: UTF8.self))
    else { return false }
    return low < high
  }

  private mutating func image() throws(Fault) -> ImageType {
    var format: PixelFormat?
    if take("<") {
      let name = word()
      format = PixelFormat(rawValue: name)
      guard format != nil else {
        throw .badType(
          text, "\"\(name)\" is not a pixel format (\(PixelFormat.allCases.map(\.rawValue).joined(separator: ", ")))")
      }
      try expect(">")
    }
    // Without brackets nothing is said of the size, and two such inputs of one graph may differ.
    guard peek("[") else { return ImageType(format: format, height: .symbol("?H"), width: .symbol("?W")) }
    let extents = try dims()
    guard extents.count == 2 else { throw .badType(text, "an image has two extents, height and width") }
    return ImageType(format: format, height: extents[0], width: extents[1])
  }

  private mutating func dims() throws(Fault) -> [Dim] {
    try expect("[")
    if take("]") { return [] }
    var result = [try sum()]
    while take(",") { result.append(try sum()) }
    try expect("]")
    return result
  }

  private mutating func sum() throws(Fault) -> Dim {
    var value = try product()
    while true {
      if take("+") {
        value = value + (try product())
      } else if take("-") {
        value = value - (try product())
      } else {
        return value
      }
    }
  }

  private mutating func product() throws(Fault) -> Dim {
    var value = try factor()
    while true {
      if take("*") {
        value = value * (try factor())
      } else if take("/") {
        guard let divisor = try factor().value, divisor > 0 else {
          throw .badType(text, "an extent can only be divided by a positive integer")
        }
        value = value / divisor
      } else {
        return value
      }
    }
  }

  private mutating func factor() throws(Fault) -> Dim {
    if take("(") {
      try enter()
      defer { depth -= 1 }
      let value = try sum()
      try expect(")")
      return value
    }
    let name = word()
    if let value = Int(name), value >= 0, value < 1 << 40 { return Dim(value) }
    if let first = name.utf8.first, !(48...57).contains(first) { return .symbol(name) }
    throw unexpected("an extent")
  }

  private mutating func skip() { while at < letters.count, letters[at] == 32 { at += 1 } }

  private mutating func word() -> String {
    skip()
    let start = at
    while at < letters.count, isWord(letters[at]) { at += 1 }
    return String(decoding: letters[start..<at], as: UTF8.self)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
  }

  /// A colour, layout or range word after the brackets; ranges may hold signs and points.
  private mutating func meaningWord() -> String? {
    skip()
    let start = at
    while at < letters.count, isWord(letters[at]) || letters[at] == 46 || letters[at] == 45 { at += 1 }
    return at == start ? nil : String(decoding: letters[start..<at], as: UTF8.self)
  }

  private mutating func peek(_ letter: Unicode.Scalar) -> Bool {
    skip()
    return at < letters.count && letters[at] == UInt8(ascii: letter)
  }

  private mutating func take(_ letter: Unicode.Scalar) -> Bool {
    guard peek(letter) else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ letter: Unicode.Scalar) throws(Fault) {
    guard take(letter) else { throw unexpected("\"\(letter)\"") }
  }

  private func unexpected(_ wanted: String) -> Fault {
    let found = at < letters.count ? "\"\(Unicode.Scalar(letters[at]))\"" : "the end"
    return .badType(text, "expected \(wanted) but found \(found) at letter \(at + 1)")
  }
}
