import Language

/// Recursive descent, one function per level of precedence.
struct ExpressionParser {
  private let tokens: [ExpressionLexer.Placed]
  private var position = 0

  init(_ text: String, columns: StringColumns) throws(Fault) {
    tokens = try ExpressionLexer.tokens(of: text, columns: columns)
  }

  private typealias Term = Expression.Term

  private var here: ExpressionLexer.Placed { tokens[position] }

  mutating func parseAll() throws(Fault) -> Expression.Term {
    let root = try parseConditional()
    guard here.token == .end else { throw unexpected("an operator or the end of the expression") }
    return root
  }

  private func unexpected(_ wanted: String) -> Fault {
    .unexpectedToken(wanted, found: here.token == .end ? nil : here.text, at: here.place)
  }

  /// The place of the symbol, if it stands here; steps over it.
  private mutating func take(_ symbol: String) -> Place? {
    guard here.token == .symbol(symbol) else { return nil }
    defer { position += 1 }
    return here.place
  }

  private mutating func demand(_ symbol: String) throws(Fault) {
    if take(symbol) == nil { throw unexpected("\"\(symbol)\"") }
  }

  private mutating func parseConditional() throws(Fault) -> Expression.Term {
    let condition = try parseOr()
    guard let place = take("?") else { return condition }
    let then = try parseConditional()
    try demand(":")
    return Term(form: .conditional(condition, then, try parseConditional()), place: place)
  }

  private mutating func parseOr() throws(Fault) -> Expression.Term {
    var left = try parseAnd()
    while let place = take("||") { left = Term(form: .or(left, try parseAnd()), place: place) }
    return left
  }

  private mutating func parseAnd() throws(Fault) -> Expression.Term {
    var left = try parseBinary(level: 0)
    while let place = take("&&") { left = Term(form: .and(left, try parseBinary(level: 0)), place: place) }
    return left
  }

  private static let levels: [[Expression.Operator]] = [
    [.equal, .unequal], [.lessOrEqual, .greaterOrEqual, .less, .greater], [.add, .subtract],
    [.multiply, .floorDivide, .divide, .remainder],
  ]

  private mutating func parseBinary(level: Int) throws(Fault) -> Expression.Term {
    guard level < Self.levels.count else { return try parseUnary() }
    var left = try parseBinary(level: level + 1)
    while case .symbol(let symbol) = here.token, let operation = Expression.Operator(rawValue: symbol),
      Self.levels[level].contains(operation)
    {
      let place = here.place
      position += 1
      left = Term(form: .binary(operation, left, try parseBinary(level: level + 1)), place: place)
    }
    return left
  }

  private mutating func parseUnary() throws(Fault) -> Expression.Term {
    if let place = take("!") { return Term(form: .not(try parseUnary()), place: place) }
    if let place = take("-") { return Term(form: .negative(try parseUnary()), place: place) }
    var term = try parsePrimary()
    while let place = take("[") {
      let index = try parseConditional()
      try demand("]")
      term = Term(form: .element(term, index), place: place)
    }
    return term
  }

  private mutating func parsePrimary() throws(Fault) -> Expression.Term {
    let start = here
    position += 1
    switch start.token {
    case .number(let value): return Term(form: .literal(value), place: start.place)
    case .string(let value): return Term(form: .literal(.string(value)), place: start.place)
    case .name(let name): return try parseName(name, at: start.place)
    case .symbol("("):
      let inner = try parseConditional()
      try demand(")")
      return inner
    case .symbol("["): return Term(form: .list(try parseTerms(until: "]")), place: start.place)
    default:
      position -= 1
      throw unexpected("a value")
    }
  }

  private mutating func parseName(_ name: String, at place: Place) throws(Fault) -> Expression.Term {
    guard take("(") != nil else {
      switch name {
      case "true": return Term(form: .literal(.bool(true)), place: place)
      case "false": return Term(form: .literal(.bool(false)), place: place)
      case "null": return Term(form: .literal(.null), place: place)
      default: return Term(form: .name(name), place: place)
      }
    }
    guard let function = Expression.Extremum(rawValue: name) else { throw .unknownFunction(name, at: place) }
    let arguments = try parseTerms(until: ")")
    if arguments.isEmpty { throw .noArguments(name, at: place) }
    return Term(form: .call(function, arguments), place: place)
  }

  private mutating func parseTerms(until closing: String) throws(Fault) -> [Expression.Term] {
    var terms: [Expression.Term] = []
    if take(closing) != nil { return terms }
    while true {
      terms.append(try parseConditional())
      if take(closing) != nil { return terms }
      guard take(",") != nil else { throw unexpected("\",\" or \"\(closing)\"") }
    }
  }
}
