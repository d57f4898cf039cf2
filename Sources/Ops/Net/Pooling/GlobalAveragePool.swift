import Kernels
import Language
import Tensors

/// The mean of each plane.
public enum GlobalAveragePool {
  public static let op: Op = Op(
    "nn.global_average_pool", doc: "Mean of each channel of [N, C, …] over its whole plane.",
    inputs: [Port("x", "tensor<f32>", .one, "[N, C, …]")], outputs: [Port("y", "tensor<f32>")],
    params: GlobalPool.params, infer: GlobalPool.infer,
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(GlobalAveragePoolGradient.op, [[a.operands[0]], [a.cotangent]])
        },
        batch: .first,
        select: { site throws(Fault) in
          let (planes, area) = GlobalPool.sizes(site.operand(0).shape)
          let chunks = Chunking(count: planes, unitCost: area)
          return [
            Choice("mean", operations: Double(site.operand(0).count), chunks: chunks.chunks) { call in
              for plane in chunks.range(call.chunk) {
                call.output()[plane] = Float(Slab.sum(call.input(0) + plane * area, count: area) / Double(area))
              }
            }
          ]
        })))
}

/// Spreads the gradient of a mean evenly.
enum GlobalAveragePoolGradient {
  static let op: Op = Op(
    "nn.global_average_pool_gradient", doc: "Gradient of nn.global_average_pool; x gives the shape.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (planes, area) = GlobalPool.sizes(site.result.shape)
        let chunks = Chunking(count: planes, unitCost: area)
        return [
          Choice("spread", operations: Double(site.result.count), chunks: chunks.chunks) { call in
            for plane in chunks.range(call.chunk) {
              (call.output() + plane * area).update(repeating: call.input(1)[plane] / Float(area), count: area)
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GlobalAveragePool.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(GlobalAveragePoolGradient.op, $0) }
