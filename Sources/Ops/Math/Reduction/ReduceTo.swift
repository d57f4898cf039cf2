import Language

/// Sums a tensor down to a shape that broadcasts to its own: the adjoint of broadcasting.
enum ReduceTo {
  static let op: Op = Op(
    "math.reduce_to", doc: "Sums the dimensions that broadcasting would stretch, down to the given shape.",
    inputs: UnaryOp.inputs, outputs: [Port("y", "tensor<f32>")],
    params: [Param("shape", .ints(.natural, counts: []), "The shape wanted.")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.shape(adjoint.operands[0])
          return [try emitter.use(Expand.op, adjoint.cotangent, attributes: ["shape": .ints(shape)])]
        },
        select: { site throws(Fault) in
          let from = site.operand(0).shape
          let to = Array(repeating: 1, count: from.count - site.result.shape.count) + site.result.shape
          return [ReductionOp.choice(from, from.indices.filter { from[$0] != to[$0] }, .sum)]
        })))

  /// `value` summed down to the shape of `model`, or `value` itself where the shapes are equal.
  static func emit(_ emitter: inout Emitter, _ value: ValueID, like model: ValueID) throws(Fault) -> ValueID {
    let shape = emitter.shape(model)
    if emitter.shape(value) == shape { return value }
    return try emitter.use(op, value, attributes: ["shape": .ints(shape)])
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ReduceTo.op, $0) }
