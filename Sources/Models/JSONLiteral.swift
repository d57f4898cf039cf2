import Language

/// Reads JSON that stands on a command line or in a small data file.
public enum JSONLiteral {
  /// Lists and objects inside one another at most.
  static let deepest = 64

  public static func parse(_ text: String) throws(Fault) -> Literal {
    var parser = Parser(letters: Array(text.utf8))
    let value = try parser.value(0)
    parser.skip()
    guard parser.at == parser.letters.count else { throw .badJSON("more follows the value", parser.at) }
    return value
  }

  private struct Parser {
    let letters: [UInt8]
    var at = 0

    mutating func skip() {
      while at < letters.count, [0x20, 0x09, 0x0a, 0x0d].contains(letters[at]) { at += 1 }
    }

    private mutating func take(_ letter: Character) -> Bool {
      skip()
      guard at < letters.count, letters[at] == letter.asciiValue else { return false }
      at += 1
      return true
    }

    mutating func value(_ depth: Int) throws(Fault) -> Literal {
      guard depth < deepest else { throw .badJSON("it is nested too deeply", at) }
      skip()
      if take("[") {
        var items: [Literal] = []
        if take("]") { return .array(items) }
        repeat { items.append(try value(depth + 1)) } while take(",")
        guard take("]") else { throw .badJSON("expected , or ]", at) }
        return .array(items)
      }
      if take("{") {
        var fields: [String: Literal] = [:]
        if take("}") { return .object(fields) }
        repeat {
          skip()
          let start = at
          let key = try string()
          guard take(":") else { throw .badJSON("expected :", at) }
          guard fields.updateValue(try value(depth + 1), forKey: key) == nil else {
            throw .badJSON("the key \"\(key)\" stands twice", start)
          }
        } while take(",")
        guard take("}") else { throw .badJSON("expected , or }", at) }
        return .object(fields)
      }
      if at < letters.count, letters[at] == 0x22 { return .string(try string()) }
      return try word()
    }

    /// A number, true, false or null.
    private mutating func word() throws(Fault) -> Literal {
      let start = at
      while at < letters.count, !Array(",]}: \t\r\n".utf8).contains(letters[at]) { at += 1 }
      let text = String(decoding: letters[start..<at], as: UTF8.self)
      switch text {
      case "true": return .bool(true)
      case "false": return .bool(false)
      case "null": return .null
      default:
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || Array("+-.eE".utf8).contains($0) }
        guard isPlain, !text.hasPrefix("+"), let number = Double(text), number.isFinite else {
          throw .badJSON("\"\(text)\" is no value", start)
        }
        return Int(text).map { .int($0) } ?? .float(number)
      }
    }

    private mutating func string() throws(Fault) -> String {
      guard take("\"") else { throw .badJSON("expected a string", at) }
      var bytes: [UInt8] = []
      while at < letters.count {
        let letter = letters[at]
        at += 1
        switch letter {
        case 0x22: return String(decoding: bytes, as: UTF8.self)
        case 0x5c: bytes += Array(try escape().utf8)
        case 0..<0x20: throw .badJSON("a control character in a string", at - 1)
        default: bytes.append(letter)
        }
      }
      throw .badJSON("the string does not end", at)
    }

    private mutating func escape() throws(Fault) -> String {
      guard at < letters.count else { throw .badJSON("the string does not end", at) }
      at += 1
      switch letters[at - 1] {
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "u"):
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]), at + 1 < letters.count, letters[at] == 0x5c,
          letters[at + 1] == UInt8(ascii: "u")
        {
          at += 2
          units.append(try unit())
        }
        return String(decoding: units, as: UTF16.self)
      case let other where Array("\"\\/".utf8).contains(other): return String(UnicodeScalar(other))
      default: throw .badJSON("an unknown escape", at - 1)
      }
    }

    private mutating func unit() throws(Fault) -> UInt16 {
      guard at + 4 <= letters.count,
        let unit = UInt16(String(decoding: letters[at..<at + 4], as: UTF8.self), radix: 16)
      else { throw .badJSON("\\u needs four hexadecimal digits", at) }
      at += 4
      return unit
    }
  }
}
