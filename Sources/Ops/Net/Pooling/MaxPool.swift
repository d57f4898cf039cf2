import Kernels
import Language
import Tensors

/// The largest element of each window.
public enum MaxPool {
  public static let op: Op = Op(
    "nn.max_pool",
    doc: "Largest element of each window of [N, C, H, W]; padding never wins. Of equals the first gets the gradient.",
    inputs: [Port("x", "tensor<f32>[N,C,H,W] NCHW", .one, "pictures or features")],
    outputs: [Port("y", "tensor<f32>")], params: PoolRule.params, infer: PoolRule.infer,
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(MaxPoolGradient.op, [[a.operands[0]], [a.cotangent]], a.attributes)
        },
        batch: .first,
        select: { site throws(Fault) in
          let plan = try PoolRule.Plan(site.attributes, input: site.operand(0).shape, output: site.result.shape)
          let pool = Kernels.MaxPool(plan.window)
          return [
            Choice("windows", operations: plan.operations, chunks: plan.chunks.chunks) { call in
              pool.forward(
                planes: plan.chunks.range(call.chunk), x: call.input(0), y: call.output(), places: nil)
            },
            PoolRule.blocked(site, BlockedPool(shape: site.operand(0).shape, plan.window)),
          ]
        })))
}

/// The gradient of a maximum: to the first largest element of each window, found again.
enum MaxPoolGradient {
  static let op: Op = Op(
    "nn.max_pool_gradient", doc: "Gradient of nn.max_pool.",
    inputs: [Port("x", "tensor<f32>[N,C,H,W]"), Port("dy", "tensor<f32>[N,C,P,Q]")],
    outputs: [Port("dx", "tensor<f32>")], params: PoolRule.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = try PoolRule.Plan(site.attributes, input: site.operand(0).shape, output: site.operand(1).shape)
        let pool = Kernels.MaxPool(plan.window)
        return [
          Choice(
            "windows", operations: plan.operations, scratch: 8 * plan.outputArea, chunks: plan.chunks.chunks
          ) { call in
            let maxima = call.workspace
            let places = (call.scratch + 4 * plan.outputArea).assumingMemoryBound(to: Int32.self)
            for plane in plan.chunks.range(call.chunk) {
              pool.forward(planes: 0..<1, x: call.input(0) + plane * plan.inputArea, y: maxima, places: places)
              pool.gradient(
                planes: 0..<1, dy: call.input(1) + plane * plan.outputArea, places: places,
                dx: call.output() + plane * plan.inputArea)
            }
          }
        ] + PoolRule.blockedGradient(site, BlockedPool(shape: site.operand(0).shape, plan.window), isMean: false)
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MaxPool.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(MaxPoolGradient.op, $0) }
