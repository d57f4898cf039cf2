import Language

/// Stretches extents of 1, as broadcasting does.
public enum Expand {
  public static let op: Op = Op(
    "tensor.expand", doc: "Repeats extents of 1 up to the given shape; new dimensions may be put in front.",
    inputs: Movement.inputs, outputs: Movement.outputs,
    params: [Param("shape", .ints(.natural, counts: []), "The shape to fill.")],
    infer: { facts throws(Fault) in
      let wanted = facts.attributes.ints("shape").map { Dim($0) }
      if let shape = facts.shape("x") {
        guard shape.count <= wanted.count else {
          throw .shape("x has \(shape.count) dimensions, but the param \"shape\" only \(wanted.count)")
        }
        let skipped = wanted.count - shape.count
        for axis in shape.indices where shape[axis].value != 1 {
          if shape[axis].compare(wanted[axis + skipped]) == .different {
            throw .extentsDiffer("x", "shape", axis + skipped, shape[axis], wanted[axis + skipped])
          }
        }
      }
      return [
        Movement.type(facts, wanted, facts.shape("x")?.count == wanted.count ? facts.tensor("x").meaning : .init())
      ]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          [try ReduceTo.emit(&emitter, adjoint.cotangent, like: adjoint.operands[0])]
        },
        select: { site throws(Fault) in
          [
            Movement.strided(
              "expand", site, strides: Broadcast.strides(site.operand(0).shape, over: site.result.shape))
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Expand.op, $0) }
