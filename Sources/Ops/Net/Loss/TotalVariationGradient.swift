import Language
import Tensors

/// The gradient of total variation, plane by plane.
enum TotalVariationGradient {
  static let op: Op = Op(
    "nn.total_variation_gradient", doc: "Gradient of nn.total_variation, times a single number.",
    inputs: [Port("x", "tensor<f32>"), Port("g", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: TotalVariation.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let variation = Variation(site.attributes, site.operand(0).shape)
        return [
          Choice(
            "planes", operations: 8 * Double(site.result.count), chunks: max(1, variation.planes)
          ) { call in
            guard call.chunk < variation.planes else { return }
            let offset = call.chunk * variation.area
            variation.gradient(call.input(0) + offset, call.input(1)[0], call.output() + offset)
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TotalVariationGradient.op, $0) }
