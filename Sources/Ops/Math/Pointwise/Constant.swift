import Language

/// A tensor filled with one number.
public enum Constant {
  public static let op: Op = Op(
    "math.constant", doc: "A tensor of the given shape filled with one number.", inputs: [],
    outputs: [Port("y", "tensor<f32>", .one, "The given shape.")],
    params: [
      Param("value", .number(.all), default: .float(0), "The number."),
      Param("shape", .ints(.natural, counts: []), default: .array([]), "Extents; none for a single number."),
    ],
    infer: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let value = Float(site.attributes.number("value"))
          let chunking = Chunking(count: site.result.count, unitCost: 1)
          return [
            Choice("fill", chunks: chunking.chunks) { call in
              let range = chunking.range(call.chunk)
              (call.output() + range.lowerBound).update(repeating: value, count: range.count)
            }
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Constant.op, $0) }
