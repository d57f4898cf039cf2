import Language

/// One place along a dimension, which is dropped.
public enum Select {
  public static let op: Op = Op(
    "tensor.select", doc: "Takes the elements at one place along a dimension and drops the dimension.",
    inputs: Movement.inputs, outputs: Movement.outputs,
    params: [
      Param("axis", .int(.all), default: .int(0), "The dimension; negative counts from the end."),
      Param("index", .int(.all), "The place; negative counts from the end."),
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      let axis = try Axes.resolve(facts.attributes.int("axis"), rank: shape.count)
      let index = facts.attributes.int("index")
      if let extent = shape[axis].value, index < -extent || index >= extent {
        throw .outside("index", index, axis, shape[axis])
      }
      let kept = shape.indices.filter { $0 != axis }
      return [Movement.type(facts, kept.map { shape[$0] }, facts.tensor("x").meaning.rearranged(kept))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.shape(adjoint.operands[0])
          let (axis, index) = try place(adjoint.attributes, shape)
          var slab = shape
          slab[axis] = 1
          var begin = shape.map { _ in 0 }
          begin[axis] = index
          let g = try emitter.use(Reshape.op, adjoint.cotangent, attributes: ["shape": .ints(slab)])
          return [try Unslice.emit(&emitter, g, shape: shape, begin: begin)]
        },
        select: { site throws(Fault) in
          let shape = site.operand(0).shape
          let (axis, index) = try place(site.attributes, shape)
          var strides = Movement.strides(shape)
          let step = strides.remove(at: axis)
          return [Movement.strided("select", site, strides: strides, offset: index * step)]
        })))

  private static func place(_ attributes: Attributes, _ shape: [Int]) throws(Fault) -> (axis: Int, index: Int) {
    let axis = try Axes.resolve(attributes.int("axis"), rank: shape.count)
    let index = attributes.int("index")
    return (axis, index < 0 ? index + shape[axis] : index)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Select.op, $0) }
