import Language
import Tensors

/// Tensors one behind the other along a dimension.
public enum Concat {
  public static let op: Op = Op(
    "tensor.concat", doc: "Joins tensors along a dimension; their other extents are equal.",
    inputs: [Port("x", "tensor", .variadic, "Tensors of one element type.")], outputs: Movement.outputs,
    params: [Param("axis", .int(.all), default: .int(0), "The dimension; negative counts from the end.")],
    infer: { facts throws(Fault) in
      let types = facts.types("x").compactMap(\.tensor)
      let dtype = try Joining.dtype(types)
      guard let first = types.firstIndex(where: { $0.shape != nil }), var shape = types[first].shape else {
        return [.tensor(TensorType(dtype: dtype, shape: nil))]
      }
      let axis = try Axes.resolve(facts.attributes.int("axis"), rank: shape.count)
      for index in types.indices where index != first {
        guard let other = types[index].shape else {
          shape[axis] = .symbol("?\(axis)")
          continue
        }
        try Joining.match(&shape, other, ("x[\(first)]", "x[\(index)]"), except: axis)
        shape[axis] = shape[axis] + other[axis]
      }
      let meaning = types.allSatisfy { $0.meaning == types[first].meaning } ? types[first].meaning : Meaning()
      return [.tensor(TensorType(dtype: dtype, shape: shape, meaning: meaning.changing([axis])))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let axis = try Axes.resolve(
            adjoint.attributes.int("axis"), rank: emitter.shape(adjoint.result()).count)
          var begin = 0
          var result: [ValueID?] = []
          for (operand, isNeeded) in zip(adjoint.operands, adjoint.needs) {
            let end = begin + emitter.shape(operand)[axis]
            result.append(
              isNeeded
                ? try emitter.use(
                  Slice.op, adjoint.cotangent,
                  attributes: ["axes": .int(axis), "begin": .int(begin), "end": .int(end)]) : nil)
            begin = end
          }
          return result
        },
        batch: .alongAxis(),
        select: { site throws(Fault) in
          let axis = try Axes.resolve(site.attributes.int("axis"), rank: site.result.shape.count)
          let inner = site.result.shape[axis...].dropFirst().reduce(1, *)
          return [
            Joining.choice(site, segments: site.operands[0].map { $0.shape[axis] * inner * $0.dtype.size })
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Concat.op, $0) }
