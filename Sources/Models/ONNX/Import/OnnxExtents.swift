import Language

/// Says extents in terms of the extents of operands, for ops whose params are such expressions (`tensor.reshape_to`).
struct OnnxExtents {
  /// One per extent: `x_0`, `2*like0_1`, or `*` for what is left over.
  let texts: [String]
  /// The values whose extents are read, besides the op's own operand.
  let operands: [OnnxValue]

  /// nil where a symbol belongs to no value that is at hand.
  static func express(_ dims: [Dim?], of data: OnnxValue, _ scope: OnnxScope) -> OnnxExtents? {
    var operands: [OnnxValue] = []
    func symbol(_ carrier: OnnxCarrier) -> Dim {
      if carrier.value === data { return .symbol("x_\(carrier.axis)") }
      let index = operands.firstIndex { $0 === carrier.value } ?? operands.count
      if index == operands.count { operands.append(carrier.value) }
      return .symbol("like\(index)_\(carrier.axis)")
    }
    var texts: [String] = []
    for dim in dims {
      guard let dim else {
        texts.append("*")
        continue
      }
      if dim.value != nil {
        texts.append("\(dim)")
        continue
      }
      // Two extents of which nothing is known look alike, and are not.
      if dim.symbols.contains(where: { $0.hasPrefix("?") }) { return nil }
      if let axis = data.type.shape?.firstIndex(of: dim) {
        texts.append("x_\(axis)")
        continue
      }
      if let carrier = scope.carrier(of: dim) {
        texts.append(symbol(carrier).expression)
        continue
      }
      var bindings: [String: Dim] = [:]
      for name in dim.symbols.sorted() {
        guard let carrier = scope.carrier(of: .symbol(name)) else { return nil }
        bindings[name] = symbol(carrier)
      }
      texts.append(dim.substituting(bindings).expression)
    }
    return OnnxExtents(texts: texts, operands: operands)
  }
}

/// A value one of whose extents is asked for.
struct OnnxCarrier {
  let value: OnnxValue
  let axis: Int
}
