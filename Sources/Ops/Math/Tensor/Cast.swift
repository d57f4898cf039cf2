import Language
import Tensors

/// Elements of another type.
public enum Cast {
  public static let op: Op = Op(
    "tensor.cast",
    doc: """
      Converts the elements. To whole numbers the fraction is cut off and what does not fit is clamped, NaN becoming 0; \
      to bool anything but 0 is 1. Between f32 and f32 it is differentiable.
      """,
    inputs: Movement.inputs, outputs: [Port("y", "tensor", .one, "The shape of x.")],
    params: [
      Param(
        "dtype", .choice(DType.allCases.filter { $0 != .bf16 }.map(\.rawValue)), default: .string("f32"),
        "The new element type.")
    ],
    infer: { facts throws(Fault) in
      if facts.tensor("x").dtype == .bf16 { throw .type("x holds bf16, which only weight files do") }
      let dtype = DType(rawValue: facts.attributes.string("dtype"))!
      return [.tensor(TensorType(dtype: dtype, shape: facts.shape("x"), meaning: facts.tensor("x").meaning))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          // A cotangent reaches an f32 operand only through an f32 result.
          emitter.region.concrete(adjoint.result()).dtype == .f32 ? [adjoint.cotangent] : [nil]
        },
        batch: .pointwise,
        select: { site throws(Fault) in
          if site.operand(0).dtype == site.result.dtype { return [Movement.copy(site)] }
          let chunking = Chunking(count: site.result.count, unitCost: 4)
          let (from, to) = (site.operand(0).dtype, site.result.dtype)
          return [
            Choice("convert", chunks: chunking.chunks) { call in
              let range = chunking.range(call.chunk)
              from.convert(
                range.count, call.operands[0] + range.lowerBound * from.size, to: to,
                call.results[0] + range.lowerBound * to.size)
            }
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Cast.op, $0) }
