import Tensors

/// Matches the type a port declares against the type that arrives, binding the port's symbols on the way. One
/// `Unifier` serves one use of an op, so that `H` on two ports means the same extent.
public struct Unifier: Sendable {
  public private(set) var bindings: [String: Dim]

  public init(bindings: [String: Dim] = [:]) { self.bindings = bindings }

  /// What kept two types from matching: a short phrase such as `dimension 2: H/16 and H/8`.
  public struct Mismatch: Error, Sendable, Hashable {
    public let code: String
    public let text: String
  }

  /// Checks that `actual` may flow into `declared`. Unknown parts of either side match.
  public mutating func match(_ declared: ValueType, _ actual: ValueType) throws(Mismatch) {
    switch (declared, actual) {
    case (.any, _), (_, .any): return
    case (.optional(let inner), .optional(let other)): try match(inner, other)
    case (.optional(let inner), _): try match(inner, actual)
    case (_, .optional): throw Mismatch(code: "type", text: "\(actual) may be absent, but \(declared) is needed")
    case (.tensor(let want), .tensor(let have)): try match(want, have)
    case (.image(let want), .image(let have)):
      if let a = want.format, let b = have.format, a != b {
        throw Mismatch(code: "type", text: "pixel format: \(b.rawValue) where \(a.rawValue) is needed")
      }
      try match(want.height, have.height, "height")
      try match(want.width, have.width, "width")
    case (.list(let want), .list(let have)): try match(want, have)
    case (.list(let want), .tuple(let have)):
      // Extents are scoped per list item: a list may hold tensors of different size.
      for element in have {
        var item = self
        try item.match(want, element)
      }
    case (.tuple(let want), .tuple(let have)):
      guard want.count == have.count else {
        throw Mismatch(code: "type", text: "a list of \(have.count) where one of \(want.count) is needed")
      }
      for (a, b) in zip(want, have) { try match(a, b) }
    case (.tuple(let want), .list(let have)): for element in want { try match(element, have) }
    case (.stream(let want), .stream(let have)): try match(want, have)
    case (.named(let want), .named(let have)):
      if want == have || (want == "number" && have == "int") || want == "literal" { return }
      if want == "file" && have == "model" { return }
      if want == "record" && ["box", "face", "point"].contains(have) { return }
      throw Mismatch(code: "type", text: "\(have) where \(want) is needed")
    default: throw Mismatch(code: "type", text: "\(actual.summary) where \(declared) is needed")
    }
  }

  private mutating func match(_ want: TensorType, _ have: TensorType) throws(Mismatch) {
    if let a = want.dtype, let b = have.dtype, a != b {
      throw Mismatch(code: "dtype", text: "element type: \(b.rawValue) where \(a.rawValue) is needed")
    }
    if let a = want.shape, let b = have.shape {
      guard a.count == b.count else {
        throw Mismatch(
          code: "shape", text: "rank \(b.count) where rank \(a.count) is needed")
      }
      for index in a.indices { try match(a[index], b[index], "dimension \(index)") }
    }
    try match(want.meaning.colour, have.meaning.colour, "colour", "colour order")
    try match(want.meaning.layout, have.meaning.layout, "layout", "axis layout")
    try match(want.meaning.range, have.meaning.range, "range", "value range")
  }

  private func match(_ want: String?, _ have: String?, _ code: String, _ what: String) throws(Mismatch) {
    if let want, let have, want != have {
      throw Mismatch(code: code, text: "\(what): \(have) where \(want) is needed")
    }
  }

  private mutating func match(_ want: Dim, _ have: Dim, _ what: String) throws(Mismatch) {
    // An extent that nothing is said of.
    if let name = want.soleSymbol, name.hasPrefix("?") { return }
    if let name = want.soleSymbol, bindings[name] == nil {
      bindings[name] = have
      return
    }
    let expected = want.substituting(bindings)
    if expected.symbols.contains(where: { bindings[$0] == nil && want.symbols.contains($0) }) { return }
    if expected.compare(have) == .different {
      throw Mismatch(code: "shape", text: "\(what): \(have) where \(expected) is needed")
    }
  }
}
