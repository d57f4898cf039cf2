import Language

/// The wording of what can be wrong with an expression.
extension Fault {
  static func expressionTooLong(limit: Int, at place: Place) -> Fault {
    Fault("expression", "the expression has more than \(limit) parts", at: place)
  }

  static func unexpectedCharacter(_ scalar: Unicode.Scalar, at place: Place) -> Fault {
    let hint =
      switch scalar {
      case "=": "; equality is written \"==\""
      case "&": "; \"and\" is written \"&&\""
      case "|": "; \"or\" is written \"||\""
      default: ""
      }
    return Fault("expression", "unexpected \(JSON.quoted(String(scalar))) in an expression\(hint)", at: place)
  }

  static func unexpectedToken(_ wanted: String, found: String?, at place: Place) -> Fault {
    let found = found.map { JSON.quoted($0) } ?? "the end of the expression"
    return Fault("expression", "expected \(wanted), found \(found)", at: place)
  }

  static func numberTooLarge(_ text: String, at place: Place) -> Fault {
    Fault("expression", "the number \(text.prefix(40)) is too large", at: place)
  }

  static func unclosedString(at place: Place) -> Fault {
    Fault("expression", "the string is not closed", at: place)
  }

  static func unknownFunction(_ name: String, at place: Place) -> Fault {
    let known = Expression.Extremum.allCases.map(\.rawValue)
    return Fault(
      "expression", "unknown function \"\(name)\"\(Suggestion.phrase(for: name, in: known))", at: place
    ).noting("functions: \(known.joined(separator: ", "))")
  }

  static func noArguments(_ name: String, at place: Place) -> Fault {
    Fault("expression", "\(name) needs at least one number", at: place)
  }

  static func unknownParam(_ name: String, known: [String], at place: Place) -> Fault {
    let fault = Fault(
      "unknown-param", "unknown param \"\(name)\"\(Suggestion.phrase(for: name, in: known))", at: place)
    return known.isEmpty
      ? fault.noting("the file declares no params") : fault.noting("params: \(known.joined(separator: ", "))")
  }

  static func wrongOperands(_ symbol: String, _ operands: [Literal], at place: Place) -> Fault {
    wrongOperands(symbol, kinds: operands.map(\.kind), at: place)
  }

  static func wrongOperands(_ symbol: String, kinds: [String], at place: Place) -> Fault {
    let list = kinds.count < 2 ? kinds.joined() : kinds.dropLast().joined(separator: ", ") + " and " + kinds.last!
    return Fault("expression", "\"\(symbol)\" cannot be applied to \(list)", at: place)
  }

  static func expressionOverflow(_ symbol: String, at place: Place) -> Fault {
    Fault("expression", "the result of \"\(symbol)\" is too large", at: place)
  }

  static func divisionByZero(at place: Place) -> Fault {
    Fault("expression", "division by zero", at: place)
  }

  static func indexOutOfRange(_ index: Int, count: Int, at place: Place) -> Fault {
    Fault("expression", "there is no element \(index) in a list of \(count)", at: place)
  }

  static func unknownField(_ name: String, known: [String], at place: Place) -> Fault {
    Fault(
      "expression", "there is no field \(JSON.quoted(name))\(Suggestion.phrase(for: name, in: known))", at: place)
  }
}
