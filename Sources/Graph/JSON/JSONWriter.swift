extension JSON {
  /// `text` as a JSON string, quotes included. Only what must be escaped is.
  public static func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    JSONWriter.append(text, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// One line without a space: the form in which values are compared and sent to other programs.
  public static func compact(_ value: JSONValue) -> String {
    var writer = JSONWriter(separator: ":", comma: ",", pad: "")
    writer.writeFlat(value)
    return String(decoding: writer.out, as: UTF8.self)
  }

  /// People's form: what fits stands on one line of `width` columns, containers that do not are broken, and lists of
  /// plain values fill their lines. Ends with a line feed.
  ///
  /// - Parameter isBroken: containers that are broken even where they would fit, by their keys from the root.
  public static func pretty(
    _ value: JSONValue, width: Int = 120, isBroken: (_ path: [String]) -> Bool = { _ in false }
  ) -> String {
    var writer = JSONWriter(separator: ": ", comma: ", ", pad: " ", width: width)
    var path: [String] = []
    writer.write(value, path: &path, trailing: 0, isBroken: isBroken)
    return String(decoding: writer.out, as: UTF8.self) + "\n"
  }
}

/// Writes JSON into a growing array of bytes.
struct JSONWriter {
  let separator: String
  let comma: String
  let pad: String
  var width = Int.max
  private(set) var out: [UInt8] = []
  private var indentation = 0
  private var lineStart = 0

  init(separator: String, comma: String, pad: String, width: Int = .max) {
    self.separator = separator
    self.comma = comma
    self.pad = pad
    self.width = width
  }

  // MARK: - On one line

  mutating func writeFlat(_ value: JSONValue) { _ = writeFlat(value, until: .max) }

  /// False as soon as the output is longer than `limit` bytes; what was written then is of no use.
  private mutating func writeFlat(_ value: JSONValue, until limit: Int) -> Bool {
    switch value.kind {
    case .array(let elements):
      append("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { append(comma) }
        guard writeFlat(element, until: limit) else { return false }
      }
      append("]")
    case .object(let members):
      append(members.isEmpty ? "{" : "{" + pad)
      for (index, member) in members.enumerated() {
        if index > 0 { append(comma) }
        JSONWriter.append(member.key, to: &out)
        append(separator)
        guard writeFlat(member.value, until: limit) else { return false }
      }
      append(members.isEmpty ? "}" : pad + "}")
    case .string(let text):
      if limit - out.count < text.utf8.count { return false }
      JSONWriter.append(text, to: &out)
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number): append(number.text)
    }
    return out.count <= limit
  }

  private mutating func append(_ text: String) { out.append(contentsOf: text.utf8) }

  // MARK: - On several lines

  /// - Parameter trailing: columns that must stay free behind the value, for the comma.
  mutating func write(
    _ value: JSONValue, path: inout [String], trailing: Int, isBroken: ([String]) -> Bool
  ) {
    switch value.kind {
    case .array(let elements) where !elements.isEmpty:
      if fits(value, path: path, trailing: trailing, isBroken: isBroken) { return }
      breakLines(in: "[", "]", elements.count) { writer, index in
        let isLast = index + 1 == elements.count
        path.append(String(index))
        writer.write(elements[index], path: &path, trailing: isLast ? 0 : 1, isBroken: isBroken)
        path.removeLast()
      } mayFollow: { writer, index in
        guard elements[index - 1].isScalar, elements[index].isScalar else { return false }
        let flat = JSON.compact(elements[index]).utf8.count
        return writer.column + 2 + flat + 1 <= writer.width
      }
    case .object(let members) where !members.isEmpty:
      if fits(value, path: path, trailing: trailing, isBroken: isBroken) { return }
      breakLines(in: "{", "}", members.count) { writer, index in
        JSONWriter.append(members[index].key, to: &writer.out)
        writer.append(writer.separator)
        path.append(members[index].key)
        writer.write(
          members[index].value, path: &path, trailing: index + 1 == members.count ? 0 : 1, isBroken: isBroken)
        path.removeLast()
      } mayFollow: { _, _ in
        false
      }
    default: _ = writeFlat(value, until: .max)
    }
  }

  private var column: Int { out.count - lineStart }

  /// Writes the container on the current line if that is allowed and it fits. Gives up after a line's worth of bytes,
  /// so that the whole layout stays linear in the size of the file.
  private mutating func fits(
    _ value: JSONValue, path: [String], trailing: Int, isBroken: ([String]) -> Bool
  ) -> Bool {
    if isBroken(path) { return false }
    let start = out.count
    if writeFlat(value, until: lineStart + width - trailing) { return true }
    out.removeLast(out.count - start)
    return false
  }

  private mutating func breakLines(
    in opening: String, _ closing: String, _ count: Int, each body: (inout JSONWriter, Int) -> Void,
    mayFollow: (JSONWriter, Int) -> Bool
  ) {
    append(opening)
    indentation += 2
    for index in 0..<count {
      if index > 0 { append(",") }
      if index > 0, mayFollow(self, index) { append(" ") } else { newLine() }
      body(&self, index)
    }
    indentation -= 2
    newLine()
    append(closing)
  }

  private mutating func newLine() {
    append("\n")
    lineStart = out.count
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  // MARK: - Strings

  static func append(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): out.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\t"): out.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        out.append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8)
        out.append(contentsOf: String(byte, radix: 16).utf8)
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}

extension JSONValue {
  /// Neither an array nor an object.
  var isScalar: Bool {
    switch kind {
    case .array, .object: false
    default: true
    }
  }
}
