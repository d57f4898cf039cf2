import Language

/// The top left part of a tensor, as large as another.
public enum CropLike {
  public static let op: Op = Op(
    "tensor.crop_like",
    doc: "Cuts the last two dimensions to those of another tensor, from the top left corner (or the middle).",
    inputs: [Port("x", "tensor", .one, "[..., H, W]"), Port("like", "tensor", .one, "gives height and width")],
    outputs: [Port("y", "tensor", .one, "[..., height, width]")],
    params: [Param("centre", .bool, default: .bool(false), "cut out of the middle")],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x"), let like = facts.shape("like") else { return [Movement.type(facts, nil)] }
      for (name, shape) in [("x", shape), ("like", like)] where shape.count < 2 {
        throw .shape("\(name) has \(shape.count) dimensions; at least 2 are needed")
      }
      for (axis, wanted) in zip(shape.indices.suffix(2), like.suffix(2)) {
        if let have = shape[axis].value, let want = wanted.value, want > have {
          throw .shape("dimension \(axis) of x is \(have); there are no \(want) to cut out")
        }
      }
      return [
        Movement.type(
          facts, Array(shape.dropLast(2) + like.suffix(2)),
          facts.tensor("x").meaning.changing([shape.count - 2, shape.count - 1]))
      ]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let (from, to) = (emitter.shape(adjoint.operands[0]), emitter.shape(adjoint.operands[1]))
          return [
            try Unslice.emit(
              &emitter, adjoint.cotangent, shape: from,
              begin: Array(repeating: 0, count: from.count - 2) + corner(from, to, adjoint.attributes)), nil,
          ]
        },
        select: { site throws(Fault) in
          let from = site.operand(0).shape
          let strides = Movement.strides(from)
          let corner = corner(from, site.result.shape, site.attributes)
          let offset = corner[0] * strides[from.count - 2] + corner[1]
          return [Movement.strided("crop", site, strides: strides, offset: offset)]
        })))

  private static func corner(_ from: [Int], _ to: [Int], _ attributes: Attributes) -> [Int] {
    zip(from.suffix(2), to.suffix(2)).map { attributes.bool("centre") ? ($0 - $1) / 2 : 0 }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(CropLike.op, $0) }
