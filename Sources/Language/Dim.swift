/// An extent of a tensor: an integer or an expression over named symbols, `floor((H + 2) / 2)`.
///
/// Kept as a sum of products with integer coefficients, in a fixed order, so that two expressions that mean the same
/// polynomial are equal. Division rounds down; it is pulled through multiples (`(2·H + 1) / 2` is `H`) and through
/// itself (`(H/2 + 1) / 2` is `(H + 2) / 4`). What leaves the range of 64 bits, or grows beyond 256 products, is an extent that
/// nobody knows.
public struct Dim: Sendable, Hashable {
  indirect enum Atom: Sendable, Hashable {
    case symbol(String)
    case quotient(Dim, Int)
  }

  struct Term: Sendable, Hashable {
    var coefficient: Int
    /// Sorted by text; a repeated atom is a power.
    let factors: [Atom]
  }

  let constant: Int
  /// Sorted by the text of their factors; no zero coefficients.
  let terms: [Term]

  init(constant: Int, terms: [Term]) {
    self.constant = constant
    self.terms = terms
  }

  public init(_ value: Int) { self.init(constant: value, terms: []) }

  public static func symbol(_ name: String) -> Dim {
    Dim(constant: 0, terms: [Term(coefficient: 1, factors: [.symbol(name)])])
  }

  /// The integer, when no symbol is left.
  public var value: Int? { terms.isEmpty ? constant : nil }

  /// Every symbol named in the expression.
  public var symbols: Set<String> {
    var names = Set<String>()
    for term in terms {
      for factor in term.factors {
        switch factor {
        case .symbol(let name): names.insert(name)
        case .quotient(let inner, _): names.formUnion(inner.symbols)
        }
      }
    }
    return names
  }

  /// The one symbol this extent consists of, if it is just that.
  public var soleSymbol: String? {
    guard constant == 0, terms.count == 1, terms[0].coefficient == 1, terms[0].factors.count == 1,
      case .symbol(let name) = terms[0].factors[0]
    else { return nil }
    return name
  }

  public enum Comparison: Sendable { case equal, different, unknown }

  /// Whether two extents are equal for all, no, or some values of their symbols. Expressions over the same symbols are
  /// compared at a few sizes, round ones among them: `H/8` and `H/16` meet at none and count as different, `2*(H/2)`
  /// and `H` meet where `H` is even and may be equal.
  public func compare(_ other: Dim) -> Comparison {
    if self == other { return .equal }
    if let difference = (self - other).value { return difference == 0 ? .equal : .different }
    let mine = symbols
    guard !mine.isEmpty, mine == other.symbols, !mine.contains(where: { $0.hasPrefix("?") }) else { return .unknown }
    let names = mine.sorted()
    for shift in [0, 1, 13] {
      // 80640 is a multiple of 1 to 10 and of 256; the index tells symbols apart.
      let sizes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Dim(80640 * (2 * $0 + 1) + shift)) })
      if substituting(sizes) == other.substituting(sizes) { return .unknown }
    }
    return .different
  }

  /// An extent about which nothing is known.
  public static let unknown = Dim.symbol("?")

  /// The extent with symbols replaced; those without a binding stay.
  public func substituting(_ bindings: [String: Dim]) -> Dim {
    terms.reduce(Dim(constant)) { sum, term in
      sum
        + term.factors.reduce(Dim(term.coefficient)) { product, factor in
          switch factor {
          case .symbol(let name): product * (bindings[name] ?? .symbol(name))
          case .quotient(let inner, let divisor): product * (inner.substituting(bindings) / divisor)
          }
        }
    }
  }
}

extension Dim: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Dim {
  public static func + (a: Dim, b: Dim) -> Dim {
    let (constant, overflow) = a.constant.addingReportingOverflow(b.constant)
    if overflow { return .unknown }
    if b.terms.isEmpty { return Dim(constant: constant, terms: a.terms) }
    if a.terms.isEmpty { return Dim(constant: constant, terms: b.terms) }
    var terms = a.terms
    for term in b.terms {
      if let index = terms.firstIndex(where: { $0.factors == term.factors }) {
        let (sum, overflow) = terms[index].coefficient.addingReportingOverflow(term.coefficient)
        if overflow { return .unknown }
        terms[index].coefficient = sum
      } else {
        terms.append(term)
      }
    }
    return terms.count > maximumTerms ? .unknown : Dim(constant: constant, terms: normalised(terms))
  }

  private static let maximumTerms = 256

  public static func - (a: Dim, b: Dim) -> Dim { a + b * Dim(-1) }

  public static func * (a: Dim, b: Dim) -> Dim {
    guard (a.terms.count + 1) * (b.terms.count + 1) <= maximumTerms else { return .unknown }
    // A constant is a term without factors.
    let (left, right) = (
      [Term(coefficient: a.constant, factors: [])] + a.terms, [Term(coefficient: b.constant, factors: [])] + b.terms
    )
    var sum = Dim(0)
    for x in left {
      for y in right where x.coefficient != 0 && y.coefficient != 0 {
        let (coefficient, overflow) = x.coefficient.multipliedReportingOverflow(by: y.coefficient)
        if overflow { return .unknown }
        let factors = x.factors.isEmpty ? y.factors : y.factors.isEmpty ? x.factors : sorted(x.factors + y.factors)
        sum =
          sum
          + (factors.isEmpty
            ? Dim(coefficient) : Dim(constant: 0, terms: [Term(coefficient: coefficient, factors: factors)]))
      }
    }
    return sum
  }

  private static func sorted(_ factors: [Atom]) -> [Atom] { factors.sorted { text($0) < text($1) } }

  /// Division by a positive integer, rounding down.
  public static func / (a: Dim, divisor: Int) -> Dim {
    precondition(divisor > 0, "extent divided by \(divisor)")
    if divisor == 1 { return a }
    let whole = a.terms.filter { $0.coefficient % divisor == 0 }
      .map { Term(coefficient: $0.coefficient / divisor, factors: $0.factors) }
    let rest = a.terms.filter { $0.coefficient % divisor != 0 }
    let quotient = floorDivide(a.constant, divisor)
    let remainder = a.constant - quotient * divisor
    if rest.isEmpty { return Dim(constant: quotient, terms: whole) }
    if rest.count == 1, rest[0].coefficient == 1, rest[0].factors.count == 1,
      case .quotient(let inner, let earlier) = rest[0].factors[0]
    {
      let (both, overflow) = earlier.multipliedReportingOverflow(by: divisor)
      return overflow
        ? .unknown : Dim(constant: quotient, terms: whole) + (inner + Dim(remainder) * Dim(earlier)) / both
    }
    let atom = Atom.quotient(Dim(constant: remainder, terms: rest), divisor)
    return Dim(constant: quotient, terms: whole)
      + Dim(constant: 0, terms: [Term(coefficient: 1, factors: [atom])])
  }

  /// The quotient where it is known to leave nothing over for any value of the symbols.
  public func divided(exactlyBy other: Dim) -> Dim? {
    if other.terms.isEmpty {
      guard other.constant > 0, constant % other.constant == 0,
        terms.allSatisfy({ $0.coefficient % other.constant == 0 })
      else { return nil }
      return self / other.constant
    }
    guard other.constant == 0, other.terms.count == 1, constant == 0 else { return nil }
    let divisor = other.terms[0]
    var quotient = Dim(0)
    for term in terms {
      guard term.coefficient % divisor.coefficient == 0 else { return nil }
      var factors = term.factors
      for factor in divisor.factors {
        guard let index = factors.firstIndex(of: factor) else { return nil }
        factors.remove(at: index)
      }
      let coefficient = term.coefficient / divisor.coefficient
      quotient =
        quotient
        + (factors.isEmpty
          ? Dim(coefficient) : Dim(constant: 0, terms: [Term(coefficient: coefficient, factors: factors)]))
    }
    return quotient
  }

  /// Division rounding up.
  public func dividedUp(by divisor: Int) -> Dim { (self + Dim(divisor - 1)) / divisor }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int { a / b - (a % b < 0 ? 1 : 0) }

  private static func normalised(_ terms: [Term]) -> [Term] {
    let left = terms.filter { $0.coefficient != 0 }
    return left.count < 2 ? left : left.sorted { text($0.factors) < text($1.factors) }
  }

  static func text(_ factors: [Atom]) -> String { factors.map(text).joined(separator: "*") }

  static func text(_ atom: Atom) -> String {
    switch atom {
    case .symbol(let name): name
    case .quotient(let inner, let divisor):
      inner.soleSymbol.map { "\($0)/\(divisor)" } ?? "(\(inner))/\(divisor)"
    }
  }
}

extension Dim {
  /// Text that reads back as this extent: `description` is for people, who know that `2*H/8` means twice H/8.
  public var expression: String {
    // Begins with a number, because the text form has no sign in front.
    var text = "0"
    for term in terms {
      let size = term.coefficient.magnitude
      let factors = term.factors.map { factor in
        switch factor {
        case .symbol(let name): name
        case .quotient(let inner, let divisor): "((\(inner.expression))/\(divisor))"
        }
      }
      text += (term.coefficient < 0 ? "-" : "+") + ([String(size)] + factors).joined(separator: "*")
    }
    return constant == 0 ? text : text + (constant < 0 ? "-" : "+") + String(constant.magnitude)
  }

  /// Reads an expression over integers and names: `2*x_1+1`.
  public init(parsing text: String) throws(Fault) {
    guard case .tensor(let type) = try ValueType(parsing: "tensor[\(text)]"), let shape = type.shape, shape.count == 1
    else {
      throw .badType(text, "it is no extent")
    }
    self = shape[0]
  }
}

extension Dim: CustomStringConvertible {
  public var description: String {
    var text = ""
    for term in terms {
      let sign = term.coefficient < 0 ? "-" : (text.isEmpty ? "" : "+")
      let size = term.coefficient.magnitude
      text += sign + (size == 1 ? "" : "\(size)*") + Dim.text(term.factors)
    }
    if constant != 0 || text.isEmpty { text += (constant >= 0 && !text.isEmpty ? "+" : "") + String(constant) }
    return text
  }
}
