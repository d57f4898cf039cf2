import Kernels
import Language

/// Weighted sums over the tensors of a variadic port.
enum SumOfMany {
  /// The one shape of all tensors on `x`; an unknown or symbolic extent gives way to a number.
  static func result(_ facts: Facts) throws(Fault) -> ValueType {
    let types = facts.types("x").compactMap(\.tensor)
    guard var shape = types.first(where: { $0.shape != nil })?.shape else { return .f32(types.isEmpty ? [] : nil) }
    let meaning = types.allSatisfy { $0.meaning == types[0].meaning } ? types[0].meaning : Meaning()
    for (index, type) in types.enumerated() {
      guard let other = type.shape else { continue }
      let names = ("x[0]", "x[\(index)]")
      guard other.count == shape.count else { throw .ranksDiffer(names.0, names.1, shape.count, other.count) }
      for axis in shape.indices {
        if shape[axis].compare(other[axis]) == .different {
          throw .extentsDiffer(names.0, names.1, axis, shape[axis], other[axis])
        }
        if shape[axis].value == nil, other[axis].value != nil { shape[axis] = other[axis] }
      }
    }
    return .f32(shape, Meaning(colour: meaning.colour, layout: meaning.layout))
  }

  /// Terms are added in port order, each product rounded once.
  static func choice(_ site: Site, _ weights: [Float]) -> Choice {
    let chunking = Chunking(count: site.result.count, unitCost: 2 * max(1, weights.count))
    return Choice(
      "sum", operations: 2 * Double(site.result.count * weights.count), chunks: chunking.chunks
    ) { call in
      let range = chunking.range(call.chunk)
      let y = call.output() + range.lowerBound
      for index in 0..<range.count { y[index] = 0 }
      for (term, weight) in weights.enumerated() {
        Slab.axpy(alpha: weight, call.input(term) + range.lowerBound, y, count: range.count)
      }
    }
  }
}
