import Language

/// y = Σ x over any number of tensors of one shape.
public enum AddN {
  public static let op: Op = Op(
    "math.add_n", doc: "Adds up any number of tensors of one shape.",
    inputs: [Port("x", "tensor<f32>", .variadic, "Tensors of one shape.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")],
    infer: { facts throws(Fault) in [try SumOfMany.result(facts)] },
    action: .numeric(
      Numeric(
        gradient: { (_, adjoint) throws(Fault) in adjoint.needs.map { $0 ? adjoint.cotangent : nil } },
        batch: .pointwise,
        select: { site throws(Fault) in
          [SumOfMany.choice(site, Array(repeating: 1, count: site.operands[0].count))]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AddN.op, $0) }
