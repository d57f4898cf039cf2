import Kernels
import Language
import Tensors

/// scale · Σ (a - b)², or of a alone.
public enum SumSquares {
  public static let op: Op = Op(
    "nn.sum_squares",
    doc: """
      scale * sum of (a - b)², or of a² without b: the content and style losses of CS231n with their weight as `scale`, \
      half the squared norm with 0.5, an L2 penalty.
      """,
    inputs: [
      Port("a", "tensor<f32>", .one, "any shape"), Port("b", "tensor<f32>", .optional, "the same shape"),
    ],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [Param("scale", .number(.all), default: .float(1), "factor")],
    infer: { facts throws(Fault) in
      if facts.isConnected("b") { _ = try Shapes.same(facts, "a", "b") }
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try DifferenceGradient.emit(&e, a, scale: 2 * a.attributes.number("scale"))
        },
        select: { site throws(Fault) in
          DifferenceGradient.choices(site, scale: site.attributes.number("scale"))
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SumSquares.op, $0) }
