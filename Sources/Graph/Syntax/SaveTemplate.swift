import Language

/// The path under which an output is saved: text with fields in braces (`{photo.stem}/{index:03}.png`). `{{` and `}}`
/// stand for braces. `:03` pads an integer with zeros to three digits.
///
/// A path stays below the output folder: it is relative, has no empty, `.` or `..` part, and what a field brings in
/// cannot add parts, since `/` and control characters in it are written as `%2F` and the like.
public struct SaveTemplate: Sendable {
  public enum Part: Sendable {
    case text(String)
    case field(Field)
  }

  public struct Field: Sendable {
    /// The names between the dots.
    public let path: [String]
    /// Digits that an integer is padded to with zeros.
    public let digits: Int?
    public let place: Place
  }

  public let parts: [Part]
  /// Of the string.
  public let place: Place

  /// As a file writes it.
  public var text: String {
    parts.map { part in
      switch part {
      case .text(let text): text.flatMap { $0 == "{" || $0 == "}" ? [$0, $0] : [$0] }.map(String.init).joined()
      case .field(let field):
        "{" + field.path.joined(separator: ".") + (field.digits.map { ":0\($0)" } ?? "") + "}"
      }
    }.joined()
  }

  public var fields: [Field] {
    parts.compactMap { if case .field(let field) = $0 { field } else { nil } }
  }

  /// Throws a fault of code `template` placed at the brace or field that is wrong.
  public static func parse(_ text: String, columns: StringColumns) throws(Fault) -> SaveTemplate {
    var parser = SaveTemplateParser(text, columns: columns)
    let template = SaveTemplate(parts: try parser.parse(), place: columns.opening)
    // A field may turn out to be anything but a dot or a slash, so that "x" stands for all of them here.
    let sample = template.parts.map { if case .text(let text) = $0 { text } else { "x" } }.joined()
    try checkPath(sample, at: columns.opening)
    return template
  }

  /// The path, with the values of the fields from `lookup` (nil: there is no such field).
  public func path(_ lookup: (_ path: [String]) -> Literal?) throws(Fault) -> String {
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += SaveTemplate.escaped(text, keeping: "/")
      case .field(let field): path += SaveTemplate.escaped(try value(of: field, lookup), keeping: nil)
      }
    }
    try SaveTemplate.checkPath(path, at: place)
    return path
  }

  private func value(of field: Field, _ lookup: (_ path: [String]) -> Literal?) throws(Fault) -> String {
    let name = field.path.joined(separator: ".")
    guard let value = lookup(field.path) else { throw .unknownField(name, at: field.place) }
    if let digits = field.digits {
      guard case .int(let number) = value else { throw .paddedField(name, value, at: field.place) }
      let text = String(number.magnitude)
      return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
    switch value {
    case .string(let text): return text
    case .int, .float, .bool: return value.description
    case .null, .array, .object: throw .unprintableField(name, value, at: field.place)
    }
  }

  /// `text` with `/` and control characters written as `%` and two digits.
  public static func escaped(_ text: String) -> String { escaped(text, keeping: nil) }

  private static func escaped(_ text: String, keeping kept: Unicode.Scalar?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar != kept, scalar == "/" || scalar.value < 0x20 || scalar.value == 0x7f {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result.append(contentsOf: ("%" + (digits.utf8.count < 2 ? "0" : "") + digits).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func checkPath(_ path: String, at place: Place) throws(Fault) {
    if path.isEmpty { throw .emptyPath(at: place) }
    if path.utf8.first == UInt8(ascii: "/") { throw .absolutePath(path, at: place) }
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty || part == "." || part == ".." { throw .unsafePath(path, part: String(part), at: place) }
    }
  }
}
