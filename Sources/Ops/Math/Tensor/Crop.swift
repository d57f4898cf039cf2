import Language

/// A rectangle of the last two dimensions.
public enum Crop {
  public static let op: Op = Op(
    "tensor.crop", doc: "Cuts a rectangle out of the last two dimensions.",
    inputs: [Port("x", "tensor", .one, "[..., H, W]")], outputs: [Port("y", "tensor", .one, "[..., height, width]")],
    params: [
      Param("top", .int(.natural), default: .int(0), "The first row."),
      Param("left", .int(.natural), default: .int(0), "The first column."),
      Param("height", .int(.positive), "Rows."), Param("width", .int(.positive), "Columns."),
    ],
    infer: { facts throws(Fault) in
      let attributes = facts.attributes
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      guard shape.count >= 2 else { throw .shape("x has \(shape.count) dimensions; at least 2 are needed") }
      for (axis, words) in [(shape.count - 2, ("top", "height")), (shape.count - 1, ("left", "width"))] {
        let end = attributes.int(words.0) + attributes.int(words.1)
        if let extent = shape[axis].value, end > extent {
          throw .shape("\(words.0) + \(words.1) is \(end), outside dimension \(axis) of x, which is \(extent)")
        }
      }
      let result = shape.dropLast(2) + [Dim(attributes.int("height")), Dim(attributes.int("width"))]
      return [
        Movement.type(facts, Array(result), facts.tensor("x").meaning.changing([shape.count - 2, shape.count - 1]))
      ]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.shape(adjoint.operands[0])
          let corner = [adjoint.attributes.int("top"), adjoint.attributes.int("left")]
          return [
            try Unslice.emit(
              &emitter, adjoint.cotangent, shape: shape,
              begin: Array(repeating: 0, count: shape.count - 2) + corner)
          ]
        },
        select: { site throws(Fault) in
          let strides = Movement.strides(site.operand(0).shape)
          let rank = strides.count
          let offset = site.attributes.int("top") * strides[rank - 2] + site.attributes.int("left")
          return [Movement.strided("crop", site, strides: strides, offset: offset)]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Crop.op, $0) }
