import Language
import Tensors

/// Zeros with a tensor at a stepped place in them: the adjoint of taking a part.
enum Unslice {
  static let op: Op = Op(
    "tensor.unslice", doc: "Zeros of the given shape with x at begin, spread by step.", inputs: Movement.inputs,
    outputs: Movement.outputs,
    params: [
      Param("shape", .ints(.natural, counts: []), "The shape of the result."),
      Param("begin", .ints(.natural, counts: []), "Where the first element of x stands, by dimension."),
      Param("step", .ints(.positive, counts: []), "From one element of x to the next, by dimension."),
    ], isInternal: true,
    infer: { facts throws(Fault) in [Movement.type(facts, facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let (begin, step) = (adjoint.attributes.ints("begin"), adjoint.attributes.ints("step"))
          let shape = emitter.shape(adjoint.operands[0])
          let end = shape.indices.map { begin[$0] + max(0, shape[$0] - 1) * step[$0] + min(1, shape[$0]) }
          return [
            try emitter.use(
              Slice.op, adjoint.cotangent,
              attributes: [
                "axes": .ints(Array(shape.indices)), "begin": .ints(begin), "end": .ints(end), "step": .ints(step),
              ])
          ]
        },
        select: { site throws(Fault) in
          let (begin, step) = (site.attributes.ints("begin"), site.attributes.ints("step"))
          let from = site.operand(0).shape
          let maps = site.result.shape.enumerated().map { axis, extent in
            (0..<extent).map { index in
              let place = index - begin[axis]
              return place >= 0 && place % step[axis] == 0 && place / step[axis] < from[axis] ? place / step[axis] : -1
            }
          }
          return [IndexMap(operand: from, maps: maps).choice("unslice", elementSize: site.result.dtype.size)]
        })))

  static func emit(
    _ emitter: inout Emitter, _ value: ValueID, shape: [Int], begin: [Int], step: [Int]? = nil
  ) throws(Fault) -> ValueID {
    let step = step ?? shape.map { _ in 1 }
    return try emitter.use(
      op, value, attributes: ["shape": .ints(shape), "begin": .ints(begin), "step": .ints(step)])
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Unslice.op, $0) }
