import Language

extension Expression {
  /// What is known of a value before it is.
  public enum Kind: Sendable, Hashable {
    case null, bool, int, float, string, list, object
    /// An integer or a float.
    case number
    case any

    public init(_ literal: Literal) {
      self =
        switch literal {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .array: .list
        case .object: .object
        }
    }
  }

  /// The kind of the value, where only the kinds of the params are known (one without default, say). Throws the same
  /// fault as `evaluate` for whatever goes wrong with any values of these kinds; branches that would not be taken
  /// are looked at too.
  public func check(_ kinds: [String: Kind]) throws(Fault) -> Kind {
    try ExpressionChecker(kinds: kinds).kind(of: root)
  }
}

struct ExpressionChecker {
  let kinds: [String: Expression.Kind]

  func kind(of term: Expression.Term) throws(Fault) -> Expression.Kind {
    let place = term.place
    switch term.form {
    case .literal(let value): return Expression.Kind(value)
    case .name(let name):
      guard let kind = kinds[name] else { throw .unknownParam(name, known: kinds.keys.sorted(), at: place) }
      return kind
    case .list(let terms):
      for term in terms { _ = try kind(of: term) }
      return .list
    case .call(let function, let terms): return try extremum(function, terms, at: place)
    case .not(let a):
      try demandTruth(a, for: "!", at: place)
      return .bool
    case .negative(let a):
      let kind = try kind(of: a)
      guard kind.mayBeNumber else { throw .wrongOperands("-", kinds: [kind.words], at: place) }
      return kind == .any ? .number : kind
    case .and(let a, let b): return try logical("&&", a, b, at: place)
    case .or(let a, let b): return try logical("||", a, b, at: place)
    case .conditional(let condition, let a, let b):
      try demandTruth(condition, for: "?", at: place)
      return try kind(of: a).joined(with: try kind(of: b))
    case .element(let container, let index):
      let kinds = [try kind(of: container), try kind(of: index)]
      switch (kinds[0], kinds[1]) {
      case (.list, .int), (.list, .number), (.object, .string), (.any, .int), (.any, .number), (.any, .string),
        (.list, .any), (.object, .any), (.any, .any):
        return .any
      default: throw .wrongOperands("[ ]", kinds: kinds.map(\.words), at: place)
      }
    case .binary(let operation, let a, let b):
      let (x, y) = (try kind(of: a), try kind(of: b))
      guard let kind = binary(operation, x, y) else {
        throw .wrongOperands(operation.rawValue, kinds: [x.words, y.words], at: place)
      }
      return kind
    }
  }

  private func demandTruth(_ term: Expression.Term, for symbol: String, at place: Place) throws(Fault) {
    let kind = try kind(of: term)
    guard kind == .bool || kind == .any else { throw .wrongOperands(symbol, kinds: [kind.words], at: place) }
  }

  private func logical(_ symbol: String, _ a: Expression.Term, _ b: Expression.Term, at place: Place) throws(Fault)
    -> Expression.Kind
  {
    try demandTruth(a, for: symbol, at: place)
    try demandTruth(b, for: symbol, at: place)
    return .bool
  }

  private func extremum(_ function: Expression.Extremum, _ terms: [Expression.Term], at place: Place) throws(Fault)
    -> Expression.Kind
  {
    var found: [Expression.Kind] = []
    for term in terms { found.append(try kind(of: term)) }
    if found == [.list] || found == [.any] { return .number }
    guard found.allSatisfy(\.mayBeNumber) else {
      throw .wrongOperands(function.rawValue, kinds: found.map(\.words), at: place)
    }
    if found.allSatisfy({ $0 == .int }) { return .int }
    return found.contains(.float) ? .float : .number
  }

  /// nil where the operator cannot be applied.
  private func binary(_ operation: Expression.Operator, _ a: Expression.Kind, _ b: Expression.Kind) -> Expression.Kind?
  {
    let areNumbers = a.mayBeNumber && b.mayBeNumber
    let areStrings = a.mayBe(.string) && b.mayBe(.string)
    switch operation {
    case .equal, .unequal:
      let isComparable = a == b || a == .any || b == .any || a == .null || b == .null || areNumbers
      return isComparable ? .bool : nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return areNumbers || areStrings ? .bool : nil
    case .divide: return areNumbers ? .float : nil
    case .floorDivide: return areNumbers && a != .float && b != .float ? .int : nil
    case .add:
      let areLists = a.mayBe(.list) && b.mayBe(.list)
      if !areNumbers && !areStrings && !areLists { return nil }
      if a == .any || b == .any { return a == .any && b == .any ? .any : a == .any ? b.asSummand : a.asSummand }
      return areNumbers ? numeric(a, b) : a
    case .subtract, .multiply, .remainder: return areNumbers ? numeric(a, b) : nil
    }
  }

  private func numeric(_ a: Expression.Kind, _ b: Expression.Kind) -> Expression.Kind {
    if a == .float || b == .float { return .float }
    return a == .int && b == .int ? .int : .number
  }
}

extension Expression.Kind {
  fileprivate func mayBe(_ kind: Expression.Kind) -> Bool { self == kind || self == .any }

  fileprivate var mayBeNumber: Bool { [.int, .float, .number, .any].contains(self) }

  /// The kind of a sum with something unknown.
  fileprivate var asSummand: Expression.Kind { self == .int ? .number : self }

  fileprivate func joined(with other: Expression.Kind) -> Expression.Kind {
    if self == other { return self }
    let areNumbers = self != .any && other != .any && mayBeNumber && other.mayBeNumber
    return areNumbers ? .number : .any
  }

  /// As `Literal.kind` says it.
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int: "an integer"
    case .float, .number: "a number"
    case .string: "a string"
    case .list: "a list"
    case .object: "an object"
    case .any: "something"
    }
  }
}
