import Language

/// The wording of what can be wrong with a file as JSON.
extension Fault {
  static func expected(_ what: String, found: String, at place: Place) -> Fault {
    Fault("syntax", "expected \(what), found \(found)", at: place)
  }

  static func fileTooLarge(bytes: Int, limit: Int, at place: Place) -> Fault {
    Fault("syntax", "the file has \(bytes) bytes; at most \(limit) are read", at: place)
  }

  static func byteOrderMark(at place: Place) -> Fault {
    Fault("syntax", "the file starts with a byte order mark; save it as UTF-8 without one", at: place)
  }

  static func tooDeep(limit: Int, at place: Place) -> Fault {
    Fault("syntax", "arrays and objects are nested more than \(limit) deep", at: place)
  }

  static func duplicateKey(_ key: String, at place: Place, first: Place) -> Fault {
    Fault("duplicate-key", "duplicate key \(JSON.quoted(key))", at: place).noting("first given at", at: first)
  }

  static func trailingComma(before bracket: Character, at place: Place) -> Fault {
    Fault("syntax", "a comma before \"\(bracket)\" is not allowed", at: place)
  }

  static func comment(at place: Place) -> Fault {
    Fault("syntax", "comments are not allowed; write a \"doc\" key instead", at: place)
  }

  static func leadingZero(_ text: String, at place: Place) -> Fault {
    Fault("syntax", "the number \(text) starts with a zero", at: place)
  }

  static func numberOutOfRange(_ text: String, isInteger: Bool, at place: Place) -> Fault {
    let short = text.count <= 40 ? text : text.prefix(37) + "..."
    return isInteger
      ? Fault("syntax", "the integer \(short) does not fit 64 bits; a float is written with a fraction", at: place)
      : Fault("syntax", "the number \(short) is too large", at: place)
  }

  static func unterminatedString(at place: Place) -> Fault {
    Fault("syntax", "the string does not end on its line", at: place)
  }

  static func controlCharacter(_ byte: UInt8, at place: Place) -> Fault {
    let escape = byte == 9 ? "\\t" : byte == 13 ? "\\r" : "\\u00" + hexadecimal(byte).dropFirst(2)
    return Fault(
      "syntax", "a control character (\(hexadecimal(byte))) stands in a string; write \(escape)", at: place)
  }

  static func badUTF8(_ byte: UInt8, at place: Place) -> Fault {
    Fault("syntax", "a byte that is not UTF-8 (\(hexadecimal(byte))) stands in a string", at: place)
  }

  static func badEscape(found: String, at place: Place) -> Fault {
    Fault("syntax", "expected one of \" \\ / b f n r t u after a backslash, found \(found)", at: place)
  }

  static func loneSurrogate(_ unit: UInt16, at place: Place) -> Fault {
    Fault("syntax", "\"\\u\(String(unit, radix: 16))\" is half of a surrogate pair without the other", at: place)
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
  }
}
