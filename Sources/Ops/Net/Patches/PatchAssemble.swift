import Kernels
import Language
import Tensors

/// Features put together from patches of a bank.
public enum PatchAssemble {
  public static let op: Op = Op(
    "nn.patch_assemble",
    doc: """
      Features of the size of x made of the bank's rows that index names, each laid where its patch was; where patches \
      overlap their mean counts, and where none lies x stays. The difference from x, squared and halved, has the gradient \
      that CNNMRF descends. Passes no gradient on.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "features [1, C, H, W]"), Port("bank", "tensor<f32>", .one, "rows [P, C·k·k]"),
      Port("index", "tensor<f32>", .one, "row numbers [rows, columns] from nn.patch_match"),
    ],
    outputs: [Port("y", "tensor<f32>", .one, "[1, C, H, W]")], params: PatchPlan.params,
    infer: { facts throws(Fault) in
      if let extents = try PatchPlan.extents(facts, "x"), let index = try Shapes.extents(facts, "index", rank: 2) {
        try Shapes.require(index[0], equals: extents.rows, "index", 0, because: "rows of patches in x")
        try Shapes.require(index[1], equals: extents.columns, "index", 1, because: "columns of patches in x")
      }
      return [.f32(facts.tensor("x").shape)]
    },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let plan = PatchPlan(site.operand(0).shape, site.attributes)
          let bank = site.operand(1).shape[0]
          let (area, patch) = (plan.height * plan.width, plan.kernel * plan.kernel)
          return [
            Choice(
              "mean", operations: Double(plan.count * plan.length), scratch: 4 * area, chunks: plan.channels
            ) { call in
              let (x, y) = (call.input(0) + call.chunk * area, call.output() + call.chunk * area)
              let covers = call.workspace
              y.update(repeating: 0, count: area)
              covers.update(repeating: 0, count: area)
              for place in 0..<plan.count {
                let row = min(max(Int(call.input(2)[place]), 0), bank - 1)
                let source = call.input(1) + row * plan.length + call.chunk * patch
                let start = plan.corner(place)
                for i in 0..<plan.kernel {
                  for j in 0..<plan.kernel {
                    y[start + i * plan.width + j] += source[i * plan.kernel + j]
                    covers[start + i * plan.width + j] += 1
                  }
                }
              }
              for index in 0..<area { y[index] = covers[index] > 0 ? y[index] / covers[index] : x[index] }
            }
          ]
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PatchAssemble.op, $0) }
