import Kernels
import Language
import Tensors

/// The nearest patch of a bank for every patch of a picture's features.
public enum PatchMatch {
  public static let op: Op = Op(
    "nn.patch_match", revision: 2,
    doc: """
      For every patch of features [1, C, H, W] the row of the bank with the largest normalised cross-correlation (Li and \
      Wand 2016, CNNMRF; Chen and Schmidt 2016, style-swap: the norm of the picture's own patch changes no maximum). Of \
      equals the first wins. With labels, a patch only takes rows of its own label (the nearest whole number; a label \
      that no row has leaves the choice free), and patches whose label is below 0 are not searched for: they get row 0. \
      Passes no gradient on.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "features [1, C, H, W]"), Port("bank", "tensor<f32>", .one, "rows [P, C·k·k]"),
      Port("labels", "tensor<f32>", .optional, "per element of x: [1, 1, H, W]; a patch has that of its middle"),
      Port("bank_labels", "tensor<f32>", .optional, "per row of the bank, in its order"),
    ],
    outputs: [Port("index", "tensor<f32>", .one, "row numbers [rows, columns]")], params: PatchPlan.params,
    infer: { facts throws(Fault) in
      guard facts.isConnected("labels") == facts.isConnected("bank_labels") else { throw .labelsInPairs() }
      guard let extents = try PatchPlan.extents(facts, "x") else { return [.f32(nil)] }
      if let bank = try Shapes.extents(facts, "bank", rank: 2) {
        let kernel = facts.attributes.int("kernel")
        try Shapes.require(
          bank[1], equals: extents.channels * Dim(kernel * kernel), "bank", 1,
          because: "a patch has \(extents.channels) channels of \(kernel)×\(kernel)")
        if bank[0].value == 0 { throw .emptyBank() }
      }
      return [.f32([extents.rows, extents.columns])]
    },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let plan = PatchPlan(site.operand(0).shape, site.attributes)
          let search = Search(plan, bank: site.operand(1).shape[0], hasLabels: site.isConnected(2))
          return [
            Choice(
              "gemm", operations: 2 * Double(plan.count) * Double(search.bank) * Double(plan.length),
              scratch: search.scratch, chunks: search.chunks
            ) { search.run($0) }
          ]
        })))

  /// Tiles of patches by tiles of the bank, so that the products fit in the scratch.
  private struct Search: Sendable {
    let plan: PatchPlan
    let bank: Int
    let hasLabels: Bool
    private static let patches = 64
    private static let rows = 256

    init(_ plan: PatchPlan, bank: Int, hasLabels: Bool) {
      self.plan = plan
      self.bank = bank
      self.hasLabels = hasLabels
    }

    var chunks: Int { max(1, (plan.count + Search.patches - 1) / Search.patches) }
    var scratch: Int { Gemm.scratchBytes + 4 * (Search.patches * (plan.length + Search.rows + 1) + Search.rows) }

    func run(_ call: KernelCall) {
      let first = call.chunk * Search.patches
      let places = first..<max(first, min(plan.count, first + Search.patches))
      for place in places { call.output()[place] = 0 }
      let wanted = hasLabels ? places.filter { label($0, call) >= 0 } : Array(places)
      guard !wanted.isEmpty else { return }
      let memory = (call.scratch + Gemm.scratchBytes).assumingMemoryBound(to: Float.self)
      let products = memory + Search.patches * plan.length
      let best = products + Search.patches * Search.rows
      let norms = best + Search.patches
      let rows = call.input(1)
      for (patch, place) in wanted.enumerated() {
        plan.copy(place, from: call.input(0), to: memory + patch * plan.length)
        best[patch] = -.infinity
      }
      let own = hasLabels ? wanted.map { label($0, call) } : []
      // A second pass without labels serves the patches whose label no row has.
      for labelled in hasLabels ? [true, false] : [false] {
        for start in stride(from: 0, to: bank, by: Search.rows) {
          let width = min(bank, start + Search.rows) - start
          // A hole's patches meet few rows of their own label, and those lie together.
          if labelled, !(start..<start + width).contains(where: { own.contains(call.input(3)[$0].rounded()) }) {
            continue
          }
          Gemm(m: wanted.count, n: width, k: plan.length, transposeB: true, strideC: Search.rows).run(
            rows: 0..<wanted.count, columns: 0..<width, a: memory, b: rows + start * plan.length, c: products,
            scratch: call.scratch)
          for row in 0..<width {
            norms[row] =
              1 / max(Float(Kernels.Slab.norm2(rows + (start + row) * plan.length, count: plan.length)), 1e-12)
          }
          for (patch, place) in wanted.enumerated() {
            for row in 0..<width where !labelled || call.input(3)[start + row].rounded() == own[patch] {
              let score = products[patch * Search.rows + row] * norms[row]
              if score > best[patch] {
                best[patch] = score
                call.output()[place] = Float(start + row)
              }
            }
          }
        }
        if !wanted.indices.contains(where: { best[$0] == -.infinity }) { break }
      }
    }

    private func label(_ patch: Int, _ call: KernelCall) -> Float {
      call.input(2)[plan.corner(patch) + plan.kernel / 2 * (plan.width + 1)].rounded()
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PatchMatch.op, $0) }
