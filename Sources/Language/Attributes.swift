import Tensors

/// The evaluated `with` of a node, defaults filled in and checked against the op's params: reading one of the right
/// kind cannot fail.
public struct Attributes: Sendable, Hashable {
  public private(set) var values: [String: Literal]

  public init(_ values: [String: Literal] = [:]) { self.values = values }

  public subscript(name: String) -> Literal? {
    get { values[name] }
    set { values[name] = newValue }
  }

  public func has(_ name: String) -> Bool { values[name].map { $0 != .null } ?? false }

  public func int(_ name: String) -> Int {
    guard case .int(let value)? = values[name] else { preconditionFailure("no integer param \(name)") }
    return value
  }

  public func number(_ name: String) -> Double {
    guard let value = values[name]?.number else { preconditionFailure("no number param \(name)") }
    return value
  }

  public func string(_ name: String) -> String {
    guard case .string(let value)? = values[name] else { preconditionFailure("no string param \(name)") }
    return value
  }

  public func bool(_ name: String) -> Bool {
    guard case .bool(let value)? = values[name] else { preconditionFailure("no boolean param \(name)") }
    return value
  }

  public func ints(_ name: String) -> [Int] {
    switch values[name] {
    case .int(let value)?: [value]
    case .array(let items)?: items.compactMap { if case .int(let value) = $0 { value } else { nil } }
    default: preconditionFailure("no integer list param \(name)")
    }
  }

  public func numbers(_ name: String) -> [Double] {
    switch values[name] {
    case .array(let items)?: items.compactMap(\.number)
    case .some(let one): one.number.map { [$0] } ?? []
    default: preconditionFailure("no number list param \(name)")
    }
  }

  public func strings(_ name: String) -> [String] {
    switch values[name] {
    case .string(let value)?: [value]
    case .array(let items)?: items.compactMap { if case .string(let value) = $0 { value } else { nil } }
    default: preconditionFailure("no string list param \(name)")
    }
  }

  /// An integer list written either whole or as one number for all `count` places (`"stride": 2`).
  public func ints(_ name: String, count: Int) -> [Int] {
    let list = ints(name)
    return list.count == 1 ? Array(repeating: list[0], count: count) : list
  }

  public func hash(into hasher: inout Hasher) {
    // A dictionary's own hash starts a hasher per entry, so that their order does not count; one entry has no order.
    guard values.count == 1, let (name, value) = values.first else { return hasher.combine(values) }
    hasher.combine(name)
    hasher.combine(value)
  }

  /// Equal attributes, and no others, add the same.
  func combine(into hasher: inout ContentHasher) { Literal.object(values).combine(into: &hasher) }

  /// Canonical text: equal attributes, equal text. Part of every cache key.
  public var canonical: String { Literal.object(values).description }
}
