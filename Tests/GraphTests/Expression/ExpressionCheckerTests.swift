import Language
import Testing

@testable import Graph

@Suite struct ExpressionCheckerTests {
  static let columns = StringColumns(opening: Place(file: "f", line: 1, column: 1))
  static let kinds: [String: Expression.Kind] = [
    "i": .int, "f": .float, "s": .string, "b": .bool, "l": .list, "o": .object, "n": .null, "x": .any, "num": .number,
  ]

  static func check(_ text: String) throws -> Expression.Kind {
    try Expression.parse(text, columns: columns).check(kinds)
  }

  @Test(
    arguments: [
      ("i + 1", .int), ("i * f", .float), ("i / i", .float), ("i // 2", .int), ("i % 2.0", .float),
      ("num + i", .number),
      ("s + 'a'", .string), ("l + []", .list), ("x + s", .string), ("x + i", .number), ("x + x", .any),
      ("x * i", .number),
      ("i < f", .bool), ("s >= 'a'", .bool), ("x == o", .bool), ("n == l", .bool), ("!b || x", .bool), ("-i", .int),
      ("-x", .number), ("b ? 1 : 2.0", .number), ("b ? 1 : 's'", .any), ("b ? s : 'a'", .string), ("min(i, 2)", .int),
      ("max(i, f)", .float), ("min(l)", .number), ("max(x, 1)", .number), ("l[i]", .any), ("o['a']", .any),
      ("[i, s]", .list), ("x[x]", .any),
    ] as [(String, Expression.Kind)])
  func findsTheKind(_ text: String, _ kind: Expression.Kind) throws { #expect(try Self.check(text) == kind) }

  @Test(arguments: [
    ("b ? 1 : i + s", #"f:1:12: error[expression]: "+" cannot be applied to an integer and a string"#),
    ("b && i", #"f:1:4: error[expression]: "&&" cannot be applied to an integer"#),
    ("f // 2", #"f:1:4: error[expression]: "//" cannot be applied to a number and an integer"#),
    ("i == s", #"f:1:4: error[expression]: "==" cannot be applied to an integer and a string"#),
    ("l < l", #"f:1:4: error[expression]: "<" cannot be applied to a list and a list"#),
    ("max(1, s)", #"f:1:2: error[expression]: "max" cannot be applied to an integer and a string"#),
    ("x * s", #"f:1:4: error[expression]: "*" cannot be applied to something and a string"#),
    ("l['a']", #"f:1:3: error[expression]: "[ ]" cannot be applied to a list and a string"#),
    ("-s", #"f:1:2: error[expression]: "-" cannot be applied to a string"#),
    ("i ? 1 : 2", #"f:1:4: error[expression]: "?" cannot be applied to an integer"#),
  ])
  func refuses(_ text: String, _ message: String) {
    #expect {
      try Self.check(text)
    } throws: { error in
      (error as? Fault)?.text == message
    }
  }

  /// Whatever evaluates, checks, and the value is of the kind that was found.
  @Test func theCheckAgreesWithTheEvaluator() throws {
    let environment = ExpressionEvaluatorTests.environment
    let kinds = environment.mapValues { Expression.Kind($0) }
    let atoms = environment.keys.sorted() + ["2", "0.5", "'a'", "[1]"]
    let operators = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
    var evaluated = 0
    for a in atoms {
      for b in atoms {
        let texts =
          operators.map { "\(a) \($0) \(b)" } + ["min(\(a), \(b))", "(\(a))[\(b)]", "on ? \(a) : \(b)", "-\(a)"]
        for text in texts {
          let expression = try Expression.parse(text, columns: Self.columns)
          guard let value = try? expression.evaluate(in: environment) else { continue }
          // A value that the evaluator did not look at may still be of the wrong kind.
          guard let found = try? expression.check(kinds) else {
            if !text.contains("&&") && !text.contains("||") { Issue.record("\(text) evaluates but does not check") }
            continue
          }
          evaluated += 1
          let kind = Expression.Kind(value)
          let isNumber = found == .number && (kind == .int || kind == .float)
          if found != .any, !isNumber, found != kind { Issue.record("\(text) is \(kind), not \(found)") }
        }
      }
    }
    #expect(evaluated > 500)
  }
}
