import Tensors

/// The evaluated `with` of a node, defaults filled in and checked against the op's params: reading one of the right
/// kind cannot fail. Every node has its own, of a few params: a list is smaller than a table, and read as fast.
public struct Attributes: Sendable, Hashable {
  private struct Entry: Sendable, Hashable {
    let name: String
    var value: Literal
  }

  /// By name.
  private var entries: [Entry] = []

  public init(_ values: [String: Literal] = [:]) {
    entries = values.map { Entry(name: $0, value: $1) }.sorted { $0.name < $1.name }
  }

  public var values: [String: Literal] { Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) }) }

  public subscript(name: String) -> Literal? {
    get { entries.first { $0.name == name }?.value }
    set {
      let place = entries.firstIndex { $0.name >= name } ?? entries.count
      let isKnown = place < entries.count && entries[place].name == name
      switch (isKnown, newValue) {
      case (true, let value?): entries[place].value = value
      case (true, nil): entries.remove(at: place)
      case (false, let value?): entries.insert(Entry(name: name, value: value), at: place)
      case (false, nil): break
      }
    }
  }

  public mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  public func has(_ name: String) -> Bool { self[name].map { $0 != .null } ?? false }

  public func int(_ name: String) -> Int {
    guard case .int(let value)? = self[name] else { preconditionFailure("no integer param \(name)") }
    return value
  }

  public func number(_ name: String) -> Double {
    guard let value = self[name]?.number else { preconditionFailure("no number param \(name)") }
    return value
  }

  public func string(_ name: String) -> String {
    guard case .string(let value)? = self[name] else { preconditionFailure("no string param \(name)") }
    return value
  }

  public func bool(_ name: String) -> Bool {
    guard case .bool(let value)? = self[name] else { preconditionFailure("no boolean param \(name)") }
    return value
  }

  public func ints(_ name: String) -> [Int] {
    switch self[name] {
    case .int(let value)?: [value]
    case .array(let items)?: items.compactMap { if case .int(let value) = $0 { value } else { nil } }
    default: preconditionFailure("no integer list param \(name)")
    }
  }

  public func numbers(_ name: String) -> [Double] {
    switch self[name] {
    case .array(let items)?: items.compactMap(\.number)
    case .some(let one): one.number.map { [$0] } ?? []
    default: preconditionFailure("no number list param \(name)")
    }
  }

  public func strings(_ name: String) -> [String] {
    switch self[name] {
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

  /// Equal attributes, and no others, add the same; that of `Literal.object`.
  func combine(into hasher: inout ContentHasher) {
    Literal.combineObject(entries.lazy.map { ($0.name, $0.value) }, into: &hasher)
  }

  /// Canonical text: equal attributes, equal text. Part of every cache key.
  public var canonical: String { Literal.object(values).description }
}
