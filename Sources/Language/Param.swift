/// A param of an op, as data: validation, JSON Schema and documentation all derive from it.
public struct Param: Sendable {
  public enum Kind: Sendable {
    case bool
    case int(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case string
    /// One of these words.
    case choice([String])
    /// A list of integers, or one for all places; `counts` are the lengths allowed, empty for any.
    case ints(ClosedRange<Int>, counts: [Int])
    case numbers(ClosedRange<Double>, counts: [Int])
    case strings
    /// Any JSON; the op's own shape rule judges it.
    case any
  }

  public let name: String
  public let kind: Kind
  /// nil: the param must be given. `.null`: it may be left out.
  public let fallback: Literal?
  public let doc: String

  public init(_ name: String, _ kind: Kind, default fallback: Literal? = nil, _ doc: String) {
    self.name = name
    self.kind = kind
    self.fallback = fallback
    self.doc = doc
  }

  /// The value in canonical form (an integer where a number is wanted becomes a number), or why it does not fit.
  public func check(_ value: Literal) -> Result<Literal, Fault> {
    if value == .null, fallback == .null { return .success(.null) }
    switch (kind, value) {
    case (.bool, .bool), (.string, .string), (.any, _): return .success(value)
    case (.int(let range), .int(let number)):
      return range.contains(number) ? .success(value) : .failure(.paramRange(name, value, Param.text(range)))
    case (.int(let range), .float(let number)) where number == number.rounded() && abs(number) < 1e15:
      return range.contains(Int(number))
        ? .success(.int(Int(number))) : .failure(.paramRange(name, value, Param.text(range)))
    case (.number(let range), .int), (.number(let range), .float):
      let number = value.number!
      return range.contains(number) ? .success(.float(number)) : .failure(.paramRange(name, value, Param.text(range)))
    case (.choice(let words), .string(let word)):
      return words.contains(word) ? .success(value) : .failure(.paramChoice(name, word, words))
    case (.ints(let range, _), .int(let number)):
      return range.contains(number) ? .success(value) : .failure(.paramRange(name, value, Param.text(range)))
    case (.ints(let range, let counts), .array(let items)):
      for item in items {
        guard case .int(let number) = item else { return .failure(.paramKind(name, expected, item)) }
        guard range.contains(number) else { return .failure(.paramRange(name, item, Param.text(range))) }
      }
      return counts.isEmpty || counts.contains(items.count)
        ? .success(value) : .failure(.paramCount(name, items.count, counts))
    case (.numbers(let range, let counts), .array(let items)):
      var numbers: [Literal] = []
      for item in items {
        guard let number = item.number else { return .failure(.paramKind(name, expected, item)) }
        guard range.contains(number) else { return .failure(.paramRange(name, item, Param.text(range))) }
        numbers.append(.float(number))
      }
      return counts.isEmpty || counts.contains(items.count)
        ? .success(.array(numbers)) : .failure(.paramCount(name, items.count, counts))
    case (.numbers(let range, let counts), .int), (.numbers(let range, let counts), .float):
      let number = value.number!
      guard range.contains(number) else { return .failure(.paramRange(name, value, Param.text(range))) }
      // One for all places, where it is known how many there are: nobody has to ask for the second of one.
      return .success(counts.count == 1 ? .array(Array(repeating: .float(number), count: counts[0])) : .float(number))
    case (.strings, .string): return .success(value)
    case (.strings, .array(let items)):
      for item in items {
        guard case .string = item else { return .failure(.paramKind(name, expected, item)) }
      }
      return .success(value)
    default: return .failure(.paramKind(name, expected, value))
    }
  }

  /// Some value of the right kind, for checking a use before the value is known.
  public var sample: Literal {
    switch kind {
    case .bool: .bool(false)
    case .int(let range), .ints(let range, _): .int(min(max(1, range.lowerBound), range.upperBound))
    case .number(let range), .numbers(let range, _): .float(min(max(1, range.lowerBound), range.upperBound))
    case .string, .strings: .string("")
    case .choice(let words): .string(words.first ?? "")
    case .any: .null
    }
  }

  /// What the param takes, in words.
  public var expected: String {
    switch kind {
    case .bool: "a boolean"
    case .int(let range): "an integer\(Param.phrase(Param.text(range)))"
    case .number(let range): "a number\(Param.phrase(Param.text(range)))"
    case .string: "a string"
    case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .ints(let range, let counts): "\(Param.counted(counts, "integer"))\(Param.each(Param.text(range)))"
    case .numbers(let range, let counts): "\(Param.counted(counts, "number"))\(Param.each(Param.text(range)))"
    case .strings: "a string or a list of strings"
    case .any: "any value"
    }
  }

  static func text(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound == .min, range.upperBound == .max) {
    case (true, true): ""
    case (false, true): "at least \(range.lowerBound)"
    case (true, false): "at most \(range.upperBound)"
    case (false, false): "from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  static func text(_ range: ClosedRange<Double>) -> String {
    let (low, high) = (Param.text(range.lowerBound), Param.text(range.upperBound))
    return switch (range.lowerBound == -.infinity, range.upperBound == .infinity) {
    case (true, true): ""
    case (false, true): "at least \(low)"
    case (true, false): "at most \(high)"
    case (false, false): "from \(low) to \(high)"
    }
  }

  /// A bound as a person writes it: without ".0".
  private static func text(_ bound: Double) -> String {
    bound == bound.rounded() && abs(bound) < 1e15 ? String(Int(bound)) : bound.description
  }

  private static func phrase(_ range: String) -> String {
    range.isEmpty ? "" : range.hasPrefix("at") ? " of \(range)" : " \(range)"
  }

  private static func each(_ range: String) -> String { range.isEmpty ? "" : ", each \(range)" }

  private static func counted(_ counts: [Int], _ what: String) -> String {
    counts.isEmpty
      ? "one \(what) or a list of \(what)s"
      : "one \(what) or a list of \(counts.map(String.init).joined(separator: " or "))"
  }
}

extension ClosedRange where Bound == Int {
  public static var all: ClosedRange<Int> { .min ... .max }
  public static var positive: ClosedRange<Int> { 1 ... .max }
  public static var natural: ClosedRange<Int> { 0 ... .max }
}

extension ClosedRange where Bound == Double {
  public static var all: ClosedRange<Double> { -.infinity ... .infinity }
  public static var natural: ClosedRange<Double> { 0 ... .infinity }
  public static var unit: ClosedRange<Double> { 0...1 }
}
