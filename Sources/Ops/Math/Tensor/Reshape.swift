import Language

/// The same elements in the same order under another shape.
public enum Reshape {
  public static let op: Op = Op(
    "tensor.reshape", doc: "Gives the elements another shape, in the same order.", inputs: Movement.inputs,
    outputs: [Port("y", "tensor", .one, "The given shape.")],
    params: [
      Param(
        "shape", .ints(-1 ... .max, counts: []), "Extents; one of them may be -1 and is whatever is left over.")
    ],
    infer: { facts throws(Fault) in
      let meaning = Meaning(range: facts.tensor("x").meaning.range)
      return [Movement.type(facts, try result(facts.shape("x"), facts.attributes.ints("shape")), meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: gradient,
        batch: BatchRule { use in
          // Only where the leading dimension stays one of its own.
          guard use.hasStackedFirst, use.results[0].shape.first == 1 else { return nil }
          var attributes = use.attributes
          attributes["shape"] = .ints([use.count] + attributes.ints("shape").dropFirst())
          return attributes
        }, select: { site throws(Fault) in [Movement.copy(site)] })))

  /// The gradient of every op that only gives its operand another shape.
  static let gradient: Numeric.Gradient = { (emitter, adjoint) throws(Fault) in
    let shape = emitter.shape(adjoint.operands[0])
    return [try emitter.use(op, adjoint.cotangent, attributes: ["shape": .ints(shape)])]
  }

  private static func result(_ shape: [Dim]?, _ wanted: [Int]) throws(Fault) -> [Dim] {
    let open = wanted.indices.filter { wanted[$0] < 0 }
    guard open.count <= 1 else { throw .params("param \"shape\" holds -1 \(open.count) times; once is the most") }
    var result = wanted.map { Dim($0) }
    guard let shape else {
      for axis in open { result[axis] = .symbol("?\(axis)") }
      return result
    }
    let count = shape.reduce(1, *)
    let known = wanted.filter { $0 >= 0 }.reduce(1, *)
    if let axis = open.first {
      guard known > 0 else { throw .notDivisible("x", shape, known) }
      if let total = count.value, total % known != 0 { throw .notDivisible("x", shape, known) }
      result[axis] = count / known
    } else if count.compare(Dim(known)) == .different {
      throw .notReshapable("x", shape, result)
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Reshape.op, $0) }
