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
    // Like a dictionary's own hash, which starts a hasher per entry so that their order does not count, but without one
    // for numbers, which most params are.
    var sum: UInt64 = 0
    for (name, value) in values {
      var bits: UInt64 =
        switch value {
        case .int(let number): UInt64(bitPattern: Int64(number))
        case .float(let number): (number == 0 ? 0 : number).bitPattern
        default: UInt64(bitPattern: Int64(value.hashValue))
        }
      // Names are short; equal ones have equal lengths and ends.
      bits ^= UInt64(name.utf8.count) << 56 ^ UInt64(name.utf8.first ?? 0) << 48 ^ UInt64(name.utf8.last ?? 0) << 40
      // splitmix64 (Steele, Lea, Flood 2014), so that sums of what differs differ.
      bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
      bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
      sum &+= bits ^ bits >> 31
    }
    hasher.combine(sum)
  }

  /// Equal attributes, and no others, add the same.
  func combine(into hasher: inout ContentHasher) { Literal.object(values).combine(into: &hasher) }

  /// Canonical text: equal attributes, equal text. Part of every cache key.
  public var canonical: String { Literal.object(values).description }
}
