import Language

/// A JSON value that knows where it stands in its file.
///
/// Equality compares content alone: kinds, texts and the order of keys, neither places nor byte ranges. Numbers are
/// equal when they are written alike.
public struct JSONValue: Sendable {
  public enum Kind: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
  }

  public var kind: Kind
  /// Of the first character.
  public let place: Place
  /// The bytes of the value in its file, with the quotes of a string and the brackets of a container.
  public let range: Range<Int>

  public init(_ kind: Kind, at place: Place, range: Range<Int> = 0..<0) {
    self.kind = kind
    self.place = place
    self.range = range
  }

  /// What stands here, for messages: `a string`, `an object`, `the number 3`…
  public var described: String {
    switch kind {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let number): "the number \(number.text)"
    case .string(let text): text.utf8.count <= 40 ? "the string \(JSON.quoted(text))" : "a string"
    case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
    case .object(let members): members.isEmpty ? "an empty object" : "an object"
    }
  }

  public var members: [JSONMember]? {
    if case .object(let members) = kind { members } else { nil }
  }

  public var elements: [JSONValue]? {
    if case .array(let elements) = kind { elements } else { nil }
  }

  public var text: String? {
    if case .string(let text) = kind { text } else { nil }
  }

  /// The value of a key of an object; nil where the key is absent or this is no object. Linear in the keys.
  public subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }
}

/// A key with its value.
public struct JSONMember: Sendable {
  public let key: String
  public let keyPlace: Place
  public let keyRange: Range<Int>
  public var value: JSONValue

  public init(_ key: String, at keyPlace: Place, range: Range<Int> = 0..<0, _ value: JSONValue) {
    self.key = key
    self.keyPlace = keyPlace
    self.keyRange = range
    self.value = value
  }
}

/// A number as it was written. One without fraction and exponent is an integer.
public struct JSONNumber: Sendable, Hashable {
  public let text: String
  /// Finite.
  public let double: Double
  /// nil for a number that was written with a fraction or an exponent.
  public let int: Int?

  public init(_ value: Int) {
    text = String(value)
    double = Double(value)
    int = value
  }

  /// Precondition: `value` is finite. Written with a fraction or an exponent, so that it reads as a float again.
  public init(_ value: Double) {
    precondition(value.isFinite, "JSON has no infinities")
    text = value.description
    double = value
    int = nil
  }

  /// `text` follows JSON's grammar of numbers; nil where it lies outside the range of Int or Double.
  init?(validText text: String, isInteger: Bool) {
    guard let double = Double(text), double.isFinite else { return nil }
    let int = isInteger ? Int(text) : nil
    if isInteger && int == nil { return nil }
    self.text = text
    self.double = double
    self.int = int
  }
}

extension JSONValue: Equatable {
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a.kind, b.kind) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a.text == b.text
    // By scalars: String's own equality takes canonically equivalent texts for one.
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
    default: false
    }
  }
}
