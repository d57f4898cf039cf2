import Tensors

/// A value written in a graph file or on the command line: what `with` holds once its expressions are evaluated.
public enum Literal: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case array([Literal])
  case object([String: Literal])
}

extension Literal: CustomStringConvertible {
  /// Canonical JSON: object keys in byte order, no spaces. Equal literals have equal text; a float always shows a
  /// point or an exponent, so 1 and 1.0 differ.
  public var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): value.description
    case .string(let value): Literal.quoted(value)
    case .array(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
    case .object(let fields):
      "{" + fields.sorted { $0.key < $1.key }.map { "\(Literal.quoted($0)):\($1)" }.joined(separator: ",") + "}"
    }
  }

  /// The same as hashing `description`, without the text.
  func combine(into hasher: inout ContentHasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value ? 2 : 1)
    case .int(let value):
      hasher.combine(3)
      hasher.combine(value)
    case .float(let value):
      hasher.combine(4)
      hasher.combine(value)
    case .string(let value):
      hasher.combine(5)
      hasher.combine(value)
    case .array(let values):
      hasher.combine(6)
      hasher.combine(values.count)
      for value in values { value.combine(into: &hasher) }
    case .object(let fields):
      Literal.combineObject(fields.sorted { $0.key < $1.key }.lazy.map { ($0, $1) }, into: &hasher)
    }
  }

  /// Adds an object, whose fields are given by name.
  static func combineObject(_ fields: some Collection<(String, Literal)>, into hasher: inout ContentHasher) {
    hasher.combine(7)
    hasher.combine(fields.count)
    for (name, value) in fields {
      hasher.combine(name)
      value.combine(into: &hasher)
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// What the literal is, for messages: `a number`, `a list`…
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int: "an integer"
    case .float: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The number, whether written as an integer or not.
  public var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }
}
