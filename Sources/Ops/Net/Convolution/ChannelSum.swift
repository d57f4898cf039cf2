import Kernels
import Language
import Tensors

/// Sums everything but one axis, in Double: the gradient of a bias.
enum ChannelSum {
  static let op: Op = Op(
    "nn.channel_sum", doc: "Sum over every axis but one: the gradient of a bias along that axis.",
    inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [Param("axis", .int(.all), "the axis that stays")], isInternal: true,
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("x").shape else { return [.f32(nil)] }
      return [.f32([shape[try Shapes.axis(facts.attributes, rank: shape.count)]])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let shape = site.operand(0).shape
        let view = AxisView(shape, axis: try Shapes.axis(site.attributes, rank: shape.count))
        let chunks = Chunking(count: view.length, unitCost: view.rows)
        let blocks: [Choice]
        if shape.count == 4, view.outer == shape[0] {
          let sum = BlockedChannelSum(batch: shape[0], channels: shape[1], area: view.inner)
          blocks = [
            Choice(
              "blocked-sum", operandLayouts: [.blocked], resultLayouts: [.rowMajor],
              operations: Double(site.operand(0).count), chunks: sum.chunks
            ) { call in sum.run(chunk: call.chunk, x: call.input(0), y: call.output()) }
          ]
        } else {
          blocks = []
        }
        return [
          Choice("channel-sum", operations: Double(site.operand(0).count), chunks: chunks.chunks) { call in
            let x = call.input(0)
            for channel in chunks.range(call.chunk) {
              var sum = 0.0
              for outer in 0..<view.outer {
                let start = x + (outer * view.length + channel) * view.inner
                sum += view.inner == 1 ? Double(start[0]) : Slab.sum(start, count: view.inner)
              }
              call.output()[channel] = Float(sum)
            }
          }
        ] + blocks
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ChannelSum.op, $0) }
