import Language
import Tensors

/// Tensors of one shape along a new dimension.
public enum Stack {
  public static let op: Op = Op(
    "tensor.stack", doc: "Puts tensors of one shape behind one another along a new dimension.",
    inputs: [Port("x", "tensor", .variadic, "Tensors of one shape and element type.")], outputs: Movement.outputs,
    params: [Param("axis", .int(.all), default: .int(0), "Where the new dimension stands in the result.")],
    infer: { facts throws(Fault) in
      let types = facts.types("x").compactMap(\.tensor)
      let dtype = try Joining.dtype(types)
      guard let first = types.firstIndex(where: { $0.shape != nil }), var shape = types[first].shape else {
        return [.tensor(TensorType(dtype: dtype, shape: nil))]
      }
      for index in types.indices where index != first {
        guard let other = types[index].shape else { continue }
        try Joining.match(&shape, other, ("x[\(first)]", "x[\(index)]"))
      }
      let axis = try Axes.resolve(facts.attributes.int("axis"), rank: shape.count + 1)
      var order = Array(shape.indices)
      order.insert(-1, at: axis)
      shape.insert(Dim(types.count), at: axis)
      let meaning = types.allSatisfy { $0.meaning == types[first].meaning } ? types[first].meaning : Meaning()
      return [.tensor(TensorType(dtype: dtype, shape: shape, meaning: meaning.rearranged(order)))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let axis = try Axes.resolve(adjoint.attributes.int("axis"), rank: emitter.shape(adjoint.result()).count)
          var result: [ValueID?] = []
          for (index, isNeeded) in adjoint.needs.enumerated() {
            result.append(
              isNeeded
                ? try emitter.use(
                  Select.op, adjoint.cotangent, attributes: ["axis": .int(axis), "index": .int(index)]) : nil)
          }
          return result
        },
        select: { site throws(Fault) in
          let axis = try Axes.resolve(site.attributes.int("axis"), rank: site.result.shape.count)
          let inner = site.result.shape[axis...].dropFirst().reduce(1, *)
          return [Joining.choice(site, segments: site.operands[0].map { inner * $0.dtype.size })]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Stack.op, $0) }
