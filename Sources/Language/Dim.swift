/// An extent of a tensor: an integer or an expression over named symbols, `floor((H + 2) / 2)`.
///
/// Kept as a sum of products with integer coefficients, in a fixed order, so that two expressions that mean the same
/// polynomial are equal. Division rounds down; it is pulled through multiples (`(2·H + 1) / 2` is `H`) and through
/// itself (`(H/2)/2` is `H/4`).
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

  /// Whether two extents are equal for all, no, or some values of their symbols. Different expressions over the same
  /// symbols count as different (`H/8` and `H/16`), although a particular size could make them meet.
  public func compare(_ other: Dim) -> Comparison {
    if self == other { return .equal }
    if (self - other).value != nil { return .different }
    let mine = symbols
    let theirs = other.symbols
    return !mine.isEmpty && mine == theirs && !mine.contains(where: { $0.hasPrefix("?") }) ? .different : .unknown
  }

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
    var terms = a.terms
    for term in b.terms {
      if let index = terms.firstIndex(where: { $0.factors == term.factors }) {
        terms[index].coefficient += term.coefficient
      } else {
        terms.append(term)
      }
    }
    return Dim(constant: a.constant + b.constant, terms: normalised(terms))
  }

  public static func - (a: Dim, b: Dim) -> Dim { a + b * Dim(-1) }

  public static func * (a: Dim, b: Dim) -> Dim {
    var sum = Dim(a.constant * b.constant)
    func scaled(_ terms: [Term], _ factor: Int) -> Dim {
      guard factor != 0 else { return 0 }
      return Dim(constant: 0, terms: terms.map { Term(coefficient: $0.coefficient * factor, factors: $0.factors) })
    }
    sum = sum + scaled(a.terms, b.constant) + scaled(b.terms, a.constant)
    for x in a.terms {
      for y in b.terms {
        let factors = (x.factors + y.factors).sorted { text($0) < text($1) }
        sum = sum + Dim(constant: 0, terms: [Term(coefficient: x.coefficient * y.coefficient, factors: factors)])
      }
    }
    return sum
  }

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
    if rest.count == 1, remainder == 0, rest[0].coefficient == 1, rest[0].factors.count == 1,
      case .quotient(let inner, let earlier) = rest[0].factors[0]
    {
      return Dim(constant: quotient, terms: whole) + inner / (earlier * divisor)
    }
    let atom = Atom.quotient(Dim(constant: remainder, terms: rest), divisor)
    return Dim(constant: quotient, terms: whole)
      + Dim(constant: 0, terms: [Term(coefficient: 1, factors: [atom])])
  }

  /// Division rounding up.
  public func dividedUp(by divisor: Int) -> Dim { (self + Dim(divisor - 1)) / divisor }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }

  private static func normalised(_ terms: [Term]) -> [Term] {
    terms.filter { $0.coefficient != 0 }.sorted { text($0.factors) < text($1.factors) }
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

extension Dim: CustomStringConvertible {
  public var description: String {
    var text = ""
    for term in terms {
      let sign = term.coefficient < 0 ? "-" : (text.isEmpty ? "" : "+")
      let size = abs(term.coefficient)
      text += sign + (size == 1 ? "" : "\(size)*") + Dim.text(term.factors)
    }
    if constant != 0 || text.isEmpty { text += (constant >= 0 && !text.isEmpty ? "+" : "") + String(constant) }
    return text
  }
}
