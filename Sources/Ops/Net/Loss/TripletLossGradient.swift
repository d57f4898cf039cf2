import Kernels
import Language
import Tensors

/// Gradients of the triplet loss: 2 (n - p), 2 (p - a) and 2 (a - n) where the margin is violated.
enum TripletLossGradient {
  static let op: Op = Op(
    "nn.triplet_loss_gradient", doc: "Gradients of nn.triplet_loss by anchor, positive and negative.",
    inputs: [
      Port("anchor", "tensor<f32>[N,D]"), Port("positive", "tensor<f32>[N,D]"), Port("negative", "tensor<f32>[N,D]"),
      Port("g", "tensor<f32>"),
    ],
    outputs: [Port("anchor", "tensor<f32>"), Port("positive", "tensor<f32>"), Port("negative", "tensor<f32>")],
    params: TripletLoss.op.params, isInternal: true,
    infer: { facts throws(Fault) in Array(repeating: .f32(facts.tensor("anchor").shape), count: 3) },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (examples, size) = (site.operand(0).shape[0], site.operand(0).shape[1])
        let alpha = site.attributes.number("alpha")
        let scale = TripletLoss.scale(site.attributes, examples)
        let chunks = Chunking(count: examples, unitCost: 12 * size)
        return [
          Choice("triplet", operations: 12 * Double(examples * size), chunks: chunks.chunks) { call in
            for row in chunks.range(call.chunk) {
              let isActive = TripletLoss.excess(call, row, size) + alpha > 0
              let factor = isActive ? Float(2 * scale) * call.input(3)[0] : 0
              for index in row * size..<(row + 1) * size {
                let (a, p, n) = (call.input(0)[index], call.input(1)[index], call.input(2)[index])
                call.output(0)[index] = factor * (n - p)
                call.output(1)[index] = factor * (p - a)
                call.output(2)[index] = factor * (a - n)
              }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TripletLossGradient.op, $0) }
