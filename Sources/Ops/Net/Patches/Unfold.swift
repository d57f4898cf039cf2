import Kernels
import Language
import Tensors

/// Every patch of features as a row.
public enum Unfold {
  public static let op: Op = Op(
    "nn.unfold",
    doc: "The patches of features [1, C, H, W] as rows [P, C·k·k], row by row: a bank for nn.patch_match.",
    inputs: [Port("x", "tensor<f32>", .one, "features [1, C, H, W]")],
    outputs: [Port("patches", "tensor<f32>", .one, "[P, C·k·k]")], params: PatchPlan.params,
    infer: { facts throws(Fault) in
      guard let extents = try PatchPlan.extents(facts, "x") else { return [.f32(nil)] }
      let kernel = facts.attributes.int("kernel")
      return [.f32([extents.rows * extents.columns, extents.channels * Dim(kernel * kernel)])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          var attributes = a.attributes
          attributes["shape"] = .ints(e.region.concrete(a.operands[0]).shape)
          return try e.emit(gradient, [[a.cotangent]], attributes)
        },
        select: { site throws(Fault) in
          let plan = PatchPlan(site.operand(0).shape, site.attributes)
          let chunks = Chunking(count: plan.count, unitCost: plan.length)
          return [
            Choice("copy", chunks: chunks.chunks) { call in
              for patch in chunks.range(call.chunk) {
                plan.copy(patch, from: call.input(0), to: call.output() + patch * plan.length)
              }
            }
          ]
        })))

  static let gradient: Op = Op(
    "nn.unfold_gradient", doc: "The sum of patches over the places they were cut from.",
    inputs: [Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: PatchPlan.params + [Param("shape", .ints(.positive, counts: [4]), "of the features")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = PatchPlan(site.result.shape, site.attributes)
        let area = plan.kernel * plan.kernel
        return [
          Choice("sum", operations: Double(plan.count * plan.length), chunks: plan.channels) { call in
            let dx = call.output() + call.chunk * plan.height * plan.width
            dx.update(repeating: 0, count: plan.height * plan.width)
            for patch in 0..<plan.count {
              let dy = call.input(0) + patch * plan.length + call.chunk * area
              let start = plan.corner(patch)
              for row in 0..<plan.kernel {
                for column in 0..<plan.kernel {
                  dx[start + row * plan.width + column] += dy[row * plan.kernel + column]
                }
              }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Unfold.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(Unfold.gradient, $0) }
