import Language

extension Expression {
  /// The value, with names looked up in `environment`. Throws a fault of code `expression` (or `unknown-param`) placed
  /// at the operator or name that cannot be evaluated; never traps.
  public func evaluate(in environment: [String: Literal]) throws(Fault) -> Literal {
    try ExpressionEvaluator(environment: environment).value(of: root)
  }
}

struct ExpressionEvaluator {
  let environment: [String: Literal]

  func value(of term: Expression.Term) throws(Fault) -> Literal {
    let place = term.place
    switch term.form {
    case .literal(let value): return value
    case .name(let name):
      guard let value = environment[name] else {
        throw .unknownParam(name, known: environment.keys.sorted(), at: place)
      }
      return value
    case .list(let terms):
      var values: [Literal] = []
      for term in terms { values.append(try value(of: term)) }
      return .array(values)
    case .call(let function, let terms): return try extremum(function, terms, at: place)
    case .not(let operand): return .bool(!(try truth(of: operand, for: "!", at: place)))
    case .negative(let operand): return try negated(try value(of: operand), at: place)
    case .and(let a, let b):
      guard try truth(of: a, for: "&&", at: place) else { return .bool(false) }
      return .bool(try truth(of: b, for: "&&", at: place))
    case .or(let a, let b):
      if try truth(of: a, for: "||", at: place) { return .bool(true) }
      return .bool(try truth(of: b, for: "||", at: place))
    case .conditional(let condition, let a, let b):
      return try value(of: try truth(of: condition, for: "?", at: place) ? a : b)
    case .element(let container, let index):
      return try element(of: try value(of: container), try value(of: index), at: place)
    case .binary(let operation, let a, let b):
      return try binary(operation, try value(of: a), try value(of: b), at: place)
    }
  }

  private func truth(of term: Expression.Term, for symbol: String, at place: Place) throws(Fault) -> Bool {
    let value = try value(of: term)
    guard case .bool(let truth) = value else { throw .wrongOperands(symbol, [value], at: place) }
    return truth
  }

  private func negated(_ value: Literal, at place: Place) throws(Fault) -> Literal {
    switch value {
    case .int(let value):
      let (result, overflow) = (0).subtractingReportingOverflow(value)
      if overflow { throw .expressionOverflow("-", at: place) }
      return .int(result)
    case .float(let value): return .float(-value)
    default: throw .wrongOperands("-", [value], at: place)
    }
  }

  private func extremum(_ function: Expression.Extremum, _ terms: [Expression.Term], at place: Place) throws(Fault)
    -> Literal
  {
    var values: [Literal] = []
    for term in terms { values.append(try value(of: term)) }
    if values.count == 1, case .array(let list) = values[0] {
      if list.isEmpty { throw .noArguments(function.rawValue, at: place) }
      values = list
    }
    var best = values[0]
    for value in values {
      guard value.number != nil else { throw .wrongOperands(function.rawValue, values, at: place) }
      guard best.number != nil else { throw .wrongOperands(function.rawValue, values, at: place) }
      let isBetter = function == .min ? Self.isLess(value, best) : Self.isLess(best, value)
      if isBetter { best = value }
    }
    // One float among the arguments makes the result a float, whichever of them it is.
    let isFloat = values.contains { if case .float = $0 { true } else { false } }
    return isFloat ? .float(best.number!) : best
  }

  private func element(of container: Literal, _ index: Literal, at place: Place) throws(Fault) -> Literal {
    switch (container, index) {
    case (.array(let list), .int(let index)):
      let position = index < 0 ? index + list.count : index
      guard list.indices.contains(position) else { throw .indexOutOfRange(index, count: list.count, at: place) }
      return list[position]
    case (.object(let fields), .string(let name)):
      guard let value = fields[name] else { throw .unknownField(name, known: fields.keys.sorted(), at: place) }
      return value
    default: throw .wrongOperands("[ ]", [container, index], at: place)
    }
  }

  // MARK: - Binary operators

  private func binary(_ operation: Expression.Operator, _ a: Literal, _ b: Literal, at place: Place) throws(Fault)
    -> Literal
  {
    switch operation {
    case .equal, .unequal:
      guard Self.areComparable(a, b) else { throw .wrongOperands(operation.rawValue, [a, b], at: place) }
      return .bool(Self.isEqual(a, b) == (operation == .equal))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = Self.order(a, b) else { throw .wrongOperands(operation.rawValue, [a, b], at: place) }
      switch operation {
      case .less: return .bool(order < 0)
      case .lessOrEqual: return .bool(order <= 0)
      case .greater: return .bool(order > 0)
      default: return .bool(order >= 0)
      }
    default: break
    }
    switch (operation, a, b) {
    case (.divide, _, _): break
    case (_, .int(let a), .int(let b)): return .int(try integer(operation, a, b, at: place))
    case (.add, .string(let a), .string(let b)): return .string(a + b)
    case (.add, .array(let a), .array(let b)): return .array(a + b)
    default: break
    }
    guard operation != .floorDivide, let x = a.number, let y = b.number else {
      throw .wrongOperands(operation.rawValue, [a, b], at: place)
    }
    return .float(try float(operation, x, y, at: place))
  }

  private func integer(_ operation: Expression.Operator, _ a: Int, _ b: Int, at place: Place) throws(Fault) -> Int {
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = a.addingReportingOverflow(b)
    case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
    case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
    default:
      if b == 0 { throw .divisionByZero(at: place) }
      // The one quotient that does not fit leaves nothing over.
      let (quotient, isTooLarge) = a.dividedReportingOverflow(by: b)
      let rest = isTooLarge ? 0 : a % b
      let isBelow = rest != 0 && (rest < 0) != (b < 0)
      if operation == .remainder { return isBelow ? rest + b : rest }
      (result, overflow) = (isBelow ? quotient - 1 : quotient, isTooLarge)
    }
    if overflow { throw .expressionOverflow(operation.rawValue, at: place) }
    return result
  }

  private func float(_ operation: Expression.Operator, _ a: Double, _ b: Double, at place: Place) throws(Fault)
    -> Double
  {
    let result: Double
    switch operation {
    case .add: result = a + b
    case .subtract: result = a - b
    case .multiply: result = a * b
    default:
      if b == 0 { throw .divisionByZero(at: place) }
      if operation == .divide {
        result = a / b
      } else {
        let rest = a.truncatingRemainder(dividingBy: b)
        result = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
      }
    }
    guard result.isFinite else { throw .expressionOverflow(operation.rawValue, at: place) }
    return result
  }

  // MARK: - Comparing

  private static func areComparable(_ a: Literal, _ b: Literal) -> Bool {
    switch (a, b) {
    case (.null, _), (_, .null), (.bool, .bool), (.string, .string), (.array, .array), (.object, .object): true
    default: a.number != nil && b.number != nil
    }
  }

  private static func isEqual(_ a: Literal, _ b: Literal) -> Bool {
    switch (a, b) {
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count && a.allSatisfy { key, value in b[key].map { isEqual(value, $0) } ?? false }
    default: order(a, b).map { $0 == 0 } ?? (a == b)
    }
  }

  private static func isLess(_ a: Literal, _ b: Literal) -> Bool { order(a, b).map { $0 < 0 } ?? false }

  /// Negative, zero or positive; nil where there is no order between the two.
  private static func order(_ a: Literal, _ b: Literal) -> Int? {
    switch (a, b) {
    case (.int(let a), .int(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.int(let a), .float(let b)): order(a, b)
    case (.float(let a), .int(let b)): order(b, a).map { -$0 }
    case (.float(let a), .float(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.string(let a), .string(let b)):
      a.utf8.elementsEqual(b.utf8) ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    default: nil
    }
  }

  /// Exact: an integer above 2^53 is not rounded to the nearest Double first.
  private static func order(_ a: Int, _ b: Double) -> Int? {
    let whole = b.rounded(.down)
    guard let floor = Int(exactly: whole) else { return b > 0 ? -1 : 1 }
    return a < floor ? -1 : a > floor ? 1 : b > whole ? -1 : 0
  }
}
