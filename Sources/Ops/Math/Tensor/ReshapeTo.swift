import Language

/// Reshaping to extents that are said in terms of other extents.
public enum ReshapeTo {
  public static let op = SizedOp.make("tensor.reshape_to", Reshape.op, param: "shape") { x, wanted throws(Fault) in
    let open = wanted.indices.filter { wanted[$0] == nil }
    guard open.count <= 1 else { throw .params("param \"shape\" leaves \(open.count) extents open; one is the most") }
    var result = wanted.map { $0 ?? .unknown }
    guard let x else { return result }
    let count = x.reduce(1, *)
    let known = wanted.compactMap { $0 }.reduce(1, *)
    if let axis = open.first {
      if let total = count.value, let known = known.value {
        guard known > 0, total % known == 0 else { throw .notDivisible("x", x, known) }
      }
      result[axis] = count.divided(exactlyBy: known) ?? .symbol("?\(axis)")
    } else if count.compare(known) == .different {
      throw .notReshapable("x", x, result)
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ReshapeTo.op, $0) }
