import Language

/// What stands in `{"$": "…"}`: a typed formula over the params of a file.
///
/// Values are null, booleans, integers (64 bits), floats, strings, lists and objects. From weakest to strongest:
///
/// * `a ? b : c`, of which only the branch taken is evaluated;
/// * `||`, then `&&`: booleans, evaluated from the left until the answer is known;
/// * `==` `!=`: numbers by value (1 == 1.0), null with anything, otherwise two values of one type;
/// * `<` `<=` `>` `>=`: two numbers, or two strings by their bytes;
/// * `+` `-`: numbers; `+` also joins two strings or two lists;
/// * `*` `/` `//` `%`: `/` always gives a float; `//` rounds the quotient of two integers down, and `%` is what that
///   leaves, with the sign of the divisor: `a == (a // b) * b + a % b`; `%` takes floats too;
/// * `!` and `-` in front of a value;
/// * `x[i]`: the element of a list (from 0, negative from the end), or the field of an object by its name.
///
/// Of a param of type `model`, `m.outputs` and the like are what is known of it before the run (`ModelFacts`).
///
/// Further: parentheses, `[a, b]`, `min(…)` and `max(…)` of numbers or of one list of numbers, names of params,
/// numbers, strings in single or double quotes (a backslash takes the next character as it is), `true`, `false`,
/// `null`. An operation on two integers gives an integer, one with a float gives a float. There is no code, no
/// assignment and no recursion; evaluation ends, and ends in a value or a `Fault`: overflow and division by zero are
/// faults, so no infinity and no NaN comes out.
public struct Expression: Sendable {
  /// Tokens; longer expressions are refused, which bounds the depth of the tree too.
  public static let maximumLength = 512

  public let text: String
  /// Of the string in the file (its opening quote).
  public let place: Place
  let root: Term

  indirect enum Form: Sendable {
    case literal(Literal)
    case name(String)
    case list([Term])
    case call(Extremum, [Term])
    case not(Term)
    case negative(Term)
    case binary(Operator, Term, Term)
    case and(Term, Term)
    case or(Term, Term)
    case conditional(Term, Term, Term)
    case element(Term, Term)
  }

  /// A part of the formula; `place` is that of its name, its operator or its first character.
  struct Term: Sendable {
    let form: Form
    let place: Place
  }

  enum Extremum: String, Sendable, CaseIterable { case min, max }

  enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// Throws a fault of code `expression` placed at the token that is wrong.
  public static func parse(_ text: String, columns: StringColumns) throws(Fault) -> Expression {
    var parser = try ExpressionParser(text, columns: columns)
    return Expression(text: text, place: columns.opening, root: try parser.parseAll())
  }

  /// Every name it reads, each with the place of its first use, in order of use.
  public var names: [(name: String, place: Place)] {
    var found: [(name: String, place: Place)] = []
    func visit(_ term: Term) {
      switch term.form {
      case .literal: break
      case .name(let name): if !found.contains(where: { $0.name == name }) { found.append((name, term.place)) }
      case .list(let terms), .call(_, let terms): terms.forEach(visit)
      case .not(let a), .negative(let a): visit(a)
      case .binary(_, let a, let b), .and(let a, let b), .or(let a, let b), .element(let a, let b):
        visit(a)
        visit(b)
      case .conditional(let a, let b, let c):
        visit(a)
        visit(b)
        visit(c)
      }
    }
    visit(root)
    return found
  }
}
