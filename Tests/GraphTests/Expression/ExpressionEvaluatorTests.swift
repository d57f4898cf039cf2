import Language
import Testing

@testable import Graph

@Suite struct ExpressionEvaluatorTests {
  static let environment: [String: Literal] = [
    "steps": .int(10), "lr": .float(0.5), "on": .bool(true), "name": .string("vgg"), "none": .null,
    "layers": .array([.string("relu1"), .string("relu2")]), "weights": .object(["a": .float(2)]),
    "big": .int(.max), "least": .int(.min), "huge": .float(1e308), "zero": .int(0),
  ]

  /// The value's canonical text, or the fault's; the expression stands at column 1, so that its own columns are one more.
  static func result(_ text: String) -> String {
    do throws(Fault) {
      let place = Place(file: "f", line: 1, column: 1)
      return try Expression.parse(text, columns: StringColumns(opening: place)).evaluate(in: environment).description
    } catch { return error.text }
  }

  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 3 - 2", "5"), ("2 * steps", "20"), ("-steps + 1", "-9"),
    ("steps * lr", "5.0"), ("1 + 1.0", "2.0"), ("6 / 3", "2.0"), ("7 / 2", "3.5"), ("7 // 2", "3"), ("-7 // 2", "-4"),
    ("7 // -2", "-4"), ("-7 % 3", "2"), ("7 % -3", "-2"), ("7 % 3", "1"), ("-7.5 % 2", "0.5"), ("least % -1", "0"),
    ("1e3", "1000.0"), ("2.5e-1", "0.25"), ("--3", "3"),
    ("1 == 1.0", "true"), ("1 != 2", "true"), ("name == 'vgg'", "true"), ("none == null", "true"),
    ("steps == null", "false"), ("layers == ['relu1', \"relu2\"]", "true"), ("[1, 2] == [1.0, 2.0]", "true"),
    ("weights == weights", "true"), ("big == 9223372036854775807.0", "false"),
    ("1 < 2", "true"), ("2 <= 1.5", "false"), ("'a' < 'b'", "true"), ("'b' >= 'c'", "false"), ("1 < 1.5", "true"),
    ("!on || steps > 5", "true"), ("on && false", "false"), ("false && 1 / 0 > 1", "false"), ("true || 1", "true"),
    ("on ? 1 : 1 / 0", "1"), ("!on ? 1 : steps > 5 ? 2 : 3", "2"), ("1 < 2 == true", "true"),
    ("min(3, steps, 7)", "3"), ("max(3, 2.5)", "3.0"), ("max([1, steps])", "10"), ("min(lr)", "0.5"),
    ("[1, lr, 'x', [on]]", "[1,0.5,\"x\",[true]]"), ("[]", "[]"), ("layers + ['a']", #"["relu1","relu2","a"]"#),
    ("'a' + \"b\"", "\"ab\""), ("'it\\'s'", "\"it's\""), ("layers[0]", "\"relu1\""), ("layers[-1]", "\"relu2\""),
    ("weights['a'] * 2", "4.0"), ("layers", #"["relu1","relu2"]"#), ("least", "-9223372036854775808"),
  ])
  func evaluates(_ text: String, _ value: String) { #expect(Self.result(text) == value) }

  @Test(arguments: [
    ("step * 2", #"f:1:2: error[unknown-param]: unknown param "step" (did you mean "steps"?)"#),
    ("1 + 'a'", #"f:1:4: error[expression]: "+" cannot be applied to an integer and a string"#),
    ("lr // 2", #"f:1:5: error[expression]: "//" cannot be applied to a number and an integer"#),
    ("!steps", #"f:1:2: error[expression]: "!" cannot be applied to an integer"#),
    ("steps && on", #"f:1:8: error[expression]: "&&" cannot be applied to an integer"#),
    ("steps ? 1 : 2", #"f:1:8: error[expression]: "?" cannot be applied to an integer"#),
    ("-name", #"f:1:2: error[expression]: "-" cannot be applied to a string"#),
    ("name == 1", #"f:1:7: error[expression]: "==" cannot be applied to a string and an integer"#),
    ("on < on", #"f:1:5: error[expression]: "<" cannot be applied to a boolean and a boolean"#),
    ("min('a', 1)", #"f:1:2: error[expression]: "min" cannot be applied to a string and an integer"#),
    ("min(name)", #"f:1:2: error[expression]: "min" cannot be applied to a string"#),
    ("max([])", "f:1:2: error[expression]: max needs at least one number"),
    ("1 / zero", "f:1:4: error[expression]: division by zero"),
    ("1 // 0", "f:1:4: error[expression]: division by zero"),
    ("1 % 0", "f:1:4: error[expression]: division by zero"),
    ("lr / 0.0", "f:1:5: error[expression]: division by zero"),
    ("big + 1", #"f:1:6: error[expression]: the result of "+" is too large"#),
    ("least - 1", #"f:1:8: error[expression]: the result of "-" is too large"#),
    ("big * 2", #"f:1:6: error[expression]: the result of "*" is too large"#),
    ("least // -1", #"f:1:8: error[expression]: the result of "//" is too large"#),
    ("-least", #"f:1:2: error[expression]: the result of "-" is too large"#),
    ("huge * 10", #"f:1:7: error[expression]: the result of "*" is too large"#),
    ("layers[2]", "f:1:8: error[expression]: there is no element 2 in a list of 2"),
    ("layers['a']", #"f:1:8: error[expression]: "[ ]" cannot be applied to a list and a string"#),
    ("weights['b']", #"f:1:9: error[expression]: there is no field "b""#),
  ])
  func refuses(_ text: String, _ message: String) {
    #expect(Self.result(text).split(separator: "\n").first.map(String.init) == message)
  }

  @Test func unknownNamesListTheKnownOnes() {
    #expect(
      Self.result("zzz").hasSuffix("\n   params: big, huge, layers, least, lr, name, none, on, steps, weights, zero"))
  }

  /// Random formulas over hostile values: a value or a fault, never a trap.
  @Test func evaluationIsTotal() {
    var generator = SplitMix64(state: 7)
    let atoms =
      Self.environment.keys.sorted() + ["0", "1", "-1", "0.0", "1e308", "9223372036854775807", "''", "[]", "[1, 'a']"]
    let operators = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
    func formula(_ depth: Int) -> String {
      let pick = generator.next() % 10
      if depth == 0 || pick == 0 { return atoms[Int(generator.next() % UInt64(atoms.count))] }
      switch pick {
      case 1: return "!(\(formula(depth - 1)))"
      case 2: return "-(\(formula(depth - 1)))"
      case 3: return "(\(formula(depth - 1)) ? \(formula(depth - 1)) : \(formula(depth - 1)))"
      case 4: return "min(\(formula(depth - 1)), \(formula(depth - 1)))"
      case 5: return "(\(formula(depth - 1)))[\(formula(depth - 1))]"
      default:
        let operation = operators[Int(generator.next() % UInt64(operators.count))]
        return "(\(formula(depth - 1)) \(operation) \(formula(depth - 1)))"
      }
    }
    var values = 0
    var faults = 0
    for _ in 0..<4000 {
      if Self.result(formula(Int(generator.next() % 4))).contains("error[") { faults += 1 } else { values += 1 }
    }
    #expect(values > 200 && faults > 200)
  }
}
