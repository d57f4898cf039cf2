import Kernels
import Language
import Tensors

/// The mean of each window.
public enum AveragePool {
  private static let params =
    PoolRule.params + [
      Param(
        "count_include_pad", .bool, default: .bool(true),
        "whether the border counts in the mean (PyTorch's default; TensorFlow never counts it)")
    ]

  public static let op: Op = Op(
    "nn.average_pool", doc: "Mean of each window of [N, C, H, W].",
    inputs: [Port("x", "tensor<f32>[N,C,H,W] NCHW", .one, "pictures or features")],
    outputs: [Port("y", "tensor<f32>")], params: params, infer: PoolRule.infer,
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(gradient, [[a.operands[0]], [a.cotangent]], a.attributes)
        },
        batch: .first,
        select: { site throws(Fault) in
          let plan = try PoolRule.Plan(site.attributes, input: site.operand(0).shape, output: site.result.shape)
          let pool = plan.average(site.attributes)
          return [
            Choice("windows", operations: plan.operations, chunks: plan.chunks.chunks) { call in
              pool.forward(planes: plan.chunks.range(call.chunk), x: call.input(0), y: call.output())
            },
            PoolRule.blocked(site, BlockedPool(shape: site.operand(0).shape, plan.window, mean: pool)),
          ]
        })))

  /// Spreads the gradient of each mean over its window; x gives the shape.
  static let gradient: Op = Op(
    "nn.average_pool_gradient", doc: "Gradient of nn.average_pool; x gives the shape.",
    inputs: [Port("x", "tensor<f32>[N,C,H,W]"), Port("dy", "tensor<f32>[N,C,P,Q]")],
    outputs: [Port("dx", "tensor<f32>")], params: params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = try PoolRule.Plan(site.attributes, input: site.operand(0).shape, output: site.operand(1).shape)
        let pool = plan.average(site.attributes)
        return [
          Choice("windows", operations: plan.operations, chunks: plan.chunks.chunks) { call in
            pool.gradient(planes: plan.chunks.range(call.chunk), dy: call.input(1), dx: call.output())
          }
        ]
          + PoolRule.blockedGradient(
            site, BlockedPool(shape: site.operand(0).shape, plan.window, mean: pool), isMean: true)
      })))
}

extension PoolRule.Plan {
  func average(_ attributes: Attributes) -> Kernels.AveragePool {
    Kernels.AveragePool(
      window, countsPadding: attributes.bool("count_include_pad"), padBottom: pads.bottom, padRight: pads.right)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AveragePool.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(AveragePool.gradient, $0) }
