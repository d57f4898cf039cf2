import Language

/// Cuts an expression into tokens.
struct ExpressionLexer {
  enum Token: Equatable {
    case number(Literal)
    case string(String)
    case name(String)
    case symbol(String)
    case end
  }

  struct Placed {
    let token: Token
    let place: Place
    /// As written, for messages.
    let text: String
  }

  /// Longer symbols first, so that the first one that matches is the right one.
  private static let symbols = [
    "//", "==", "!=", "<=", ">=", "&&", "||",
    "+", "-", "*", "/", "%", "<", ">", "!", "?", ":", "(", ")", "[", "]", ",",
  ].map { (text: $0, scalars: Array($0.unicodeScalars)) }

  private let scalars: [Unicode.Scalar]
  private let columns: StringColumns
  private var position = 0

  private init(_ text: String, columns: StringColumns) {
    scalars = Array(text.unicodeScalars)
    self.columns = columns
  }

  /// The tokens of `text`, the last of which is `end`.
  static func tokens(of text: String, columns: StringColumns) throws(Fault) -> [Placed] {
    var lexer = ExpressionLexer(text, columns: columns)
    var tokens: [Placed] = []
    while tokens.last?.token != .end {
      if tokens.count > Expression.maximumLength {
        throw .expressionTooLong(limit: Expression.maximumLength, at: columns.opening)
      }
      tokens.append(try lexer.next())
    }
    return tokens
  }

  private mutating func next() throws(Fault) -> Placed {
    while position < scalars.count, " \t\n\r".unicodeScalars.contains(scalars[position]) { position += 1 }
    let start = position
    let token = try readToken()
    return Placed(token: token, place: columns.place(of: start), text: text(from: start))
  }

  private func text(from start: Int) -> String { text(start..<position) }

  private func text(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range])
    return String(text)
  }

  private mutating func readToken() throws(Fault) -> Token {
    guard position < scalars.count else { return .end }
    let scalar = scalars[position]
    if isDigit(scalar) { return .number(try readNumber()) }
    if isLetter(scalar) {
      let start = position
      while position < scalars.count, isLetter(scalars[position]) || isDigit(scalars[position]) || isDot(position) {
        position += 1
      }
      return .name(text(from: start))
    }
    if scalar == "'" || scalar == "\"" { return .string(try readString(quote: scalar)) }
    for symbol in Self.symbols where scalars[position...].starts(with: symbol.scalars) {
      position += symbol.scalars.count
      return .symbol(symbol.text)
    }
    throw .unexpectedCharacter(scalar, at: columns.place(of: position))
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  /// A point inside a name: `detector.outputs`.
  private func isDot(_ position: Int) -> Bool {
    scalars[position] == "." && position + 1 < scalars.count && isLetter(scalars[position + 1])
  }

  private mutating func skipDigits() {
    while position < scalars.count, isDigit(scalars[position]) { position += 1 }
  }

  private mutating func readNumber() throws(Fault) -> Literal {
    let start = position
    var isInteger = true
    skipDigits()
    if position + 1 < scalars.count, scalars[position] == ".", isDigit(scalars[position + 1]) {
      isInteger = false
      position += 1
      skipDigits()
    }
    if position < scalars.count, scalars[position] == "e" || scalars[position] == "E" {
      var digits = position + 1
      if digits < scalars.count, scalars[digits] == "+" || scalars[digits] == "-" { digits += 1 }
      if digits < scalars.count, isDigit(scalars[digits]) {
        isInteger = false
        position = digits
        skipDigits()
      }
    }
    let written = text(from: start)
    if isInteger, let value = Int(written) { return .int(value) }
    if !isInteger, let value = Double(written), value.isFinite { return .float(value) }
    throw .numberTooLarge(written, at: columns.place(of: start))
  }

  private mutating func readString(quote: Unicode.Scalar) throws(Fault) -> String {
    let start = position
    var value = String.UnicodeScalarView()
    position += 1
    while position < scalars.count, scalars[position] != quote {
      if scalars[position] == "\\" { position += 1 }
      guard position < scalars.count else { break }
      value.append(scalars[position])
      position += 1
    }
    guard position < scalars.count else { throw .unclosedString(at: columns.place(of: start)) }
    position += 1
    return String(value)
  }
}
