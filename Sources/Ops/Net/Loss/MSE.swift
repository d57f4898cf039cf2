import Kernels
import Language
import Tensors

/// Squared difference of two tensors under the normalisations of the style-transfer literature.
public enum MSE {
  public static let op: Op = Op(
    "nn.mse",
    doc: """
      Sum of (a - b)² times a named normalisation: `mean` over all elements (PyTorch's mse_loss), `sum`, \
      `coursera_content` 1 / (4·H·W·C), or `coursera_style`, a quarter of the mean, which for Gram matrices normalised \
      by `hw` is 1 / (4·C²·(H·W)²) of the unnormalised ones (deeplearning.ai, Art Generation with Neural Style Transfer).
      """,
    inputs: [Port("a", "tensor<f32>", .one, "any shape"), Port("b", "tensor<f32>", .one, "the same shape")],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [
      Param(
        "reduction", .choice(["mean", "sum", "coursera_content", "coursera_style"]), default: .string("mean"),
        "what the sum of squares is multiplied by")
    ],
    infer: { facts throws(Fault) in
      _ = try Shapes.same(facts, "a", "b")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let scale = 2 * scale(a.attributes, e.region.concrete(a.operands[0]).shape)
          return try DifferenceGradient.emit(&e, a, scale: scale)
        },
        select: { site throws(Fault) in
          DifferenceGradient.choices(site, scale: scale(site.attributes, site.operand(0).shape))
        })))

  private static func scale(_ attributes: Attributes, _ shape: [Int]) -> Double {
    let count = Double(shape.reduce(1, *))
    switch attributes.string("reduction") {
    case "sum": return 1
    case "coursera_content": return (shape.count == 4 ? Double(shape[0]) : 1) / (4 * count)
    case "coursera_style": return 1 / (4 * count)
    default: return 1 / count
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MSE.op, $0) }
