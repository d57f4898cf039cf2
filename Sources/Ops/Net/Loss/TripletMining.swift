import Kernels
import Language
import Tensors

/// Triplet loss over a batch of labelled embeddings, triplets found in the batch (Schroff et al. 2015, §3.2; Hermans,
/// Beyer & Leibe 2017).
public enum TripletMining {
  public static let op: Op = Op(
    "nn.triplet_mining_loss",
    doc: """
      max(|a - p|² - |a - n|² + alpha, 0) over triplets of a batch with labels. all: every triplet that violates the \
      margin. hard: per anchor the farthest positive and the nearest negative. semi_hard: per anchor and positive the \
      nearest negative farther than the positive, or else the farthest one. Summed, or averaged over the triplets that \
      violate the margin.
      """,
    inputs: [
      Port("x", "tensor<f32>[N,D]", .one, "embeddings"), Port("labels", "tensor<f32>[N]", .one, "who is who"),
    ],
    outputs: [Port("loss", "tensor<f32>[]")],
    params: [
      Param("mining", .choice(["hard", "semi_hard", "all"]), default: .string("semi_hard"), "which triplets"),
      Param("alpha", .number(.all), default: .float(0.2), "margin"),
      Param("reduction", .choice(["sum", "mean"]), default: .string("mean"), "over the triplets"),
    ],
    infer: { facts throws(Fault) in
      try Labels.check(facts, scores: "x")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let dx = try e.emit(
            TripletMiningGradient.op, [[a.operands[0]], [a.operands[1]], [a.cotangent]], a.attributes)
          return [dx[0], nil]
        },
        select: { site throws(Fault) in
          let miner = Miner(site)
          return [
            Choice("mine", operations: miner.operations, scratch: miner.scratch) { call in
              var (sum, count) = (0.0, 0)
              miner.visit(call) { _, _, _, excess in
                sum += excess
                count += 1
              }
              call.output()[0] = Float(sum * miner.scale(count))
            }
          ]
        })))

  /// Finds the triplets of a batch that violate the margin.
  struct Miner: Sendable {
    let examples: Int
    let size: Int
    let mining: String
    let alpha: Double
    let isMean: Bool

    init(_ site: Site) {
      (examples, size) = (site.operand(0).shape[0], site.operand(0).shape[1])
      mining = site.attributes.string("mining")
      alpha = site.attributes.number("alpha")
      isMean = site.attributes.string("reduction") == "mean"
    }

    var operations: Double { 3 * Double(examples * examples * size) }
    /// Squared distances of all pairs.
    var scratch: Int { 4 * examples * examples }
    func scale(_ count: Int) -> Double { isMean ? 1 / Double(max(1, count)) : 1 }

    /// Calls `body` with anchor, positive, negative and by how much each such triplet violates the margin.
    func visit(_ call: KernelCall, _ body: (Int, Int, Int, Double) -> Void) {
      let (x, labels, distances) = (call.input(0), call.input(1), call.workspace)
      for a in 0..<examples {
        for b in 0..<examples {
          distances[a * examples + b] = Float(
            Slab.sumOfSquaredDifferences(x + a * size, x + b * size, count: size))
        }
      }
      func check(_ a: Int, _ p: Int, _ n: Int) {
        let excess = Double(distances[a * examples + p]) - Double(distances[a * examples + n]) + alpha
        if excess > 0 { body(a, p, n, excess) }
      }
      for a in 0..<examples {
        let own = distances + a * examples
        func negatives(_ body: (Int) -> Void) { for n in 0..<examples where labels[n] != labels[a] { body(n) } }
        func extreme(_ isPositive: Bool, _ isBetter: (Float, Float) -> Bool) -> Int? {
          var best: Int?
          for b in 0..<examples where b != a && (labels[b] == labels[a]) == isPositive {
            if best.map({ isBetter(own[b], own[$0]) }) ?? true { best = b }
          }
          return best
        }
        switch mining {
        case "hard":
          if let p = extreme(true, >), let n = extreme(false, <) { check(a, p, n) }
        case "all":
          for p in 0..<examples where p != a && labels[p] == labels[a] { negatives { check(a, p, $0) } }
        default:
          for p in 0..<examples where p != a && labels[p] == labels[a] {
            var best: Int?
            negatives { n in
              if own[n] > own[p], best.map({ own[n] < own[$0] }) ?? true { best = n }
            }
            if let n = best ?? extreme(false, >) { check(a, p, n) }
          }
        }
      }
    }
  }
}

/// The gradient of the mined triplet loss by the embeddings.
enum TripletMiningGradient {
  static let op: Op = Op(
    "nn.triplet_mining_loss_gradient", doc: "Gradient of nn.triplet_mining_loss by x.",
    inputs: [Port("x", "tensor<f32>[N,D]"), Port("labels", "tensor<f32>[N]"), Port("g", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], params: TripletMining.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let miner = TripletMining.Miner(site)
        return [
          Choice("mine", operations: 2 * miner.operations, scratch: miner.scratch) { call in
            let (x, dx, size) = (call.input(0), call.output(), miner.size)
            dx.update(repeating: 0, count: miner.examples * size)
            var count = 0
            miner.visit(call) { a, p, n, _ in
              count += 1
              for index in 0..<size {
                let (anchor, positive, negative) = (x[a * size + index], x[p * size + index], x[n * size + index])
                dx[a * size + index] += 2 * (negative - positive)
                dx[p * size + index] += 2 * (positive - anchor)
                dx[n * size + index] += 2 * (anchor - negative)
              }
            }
            Slab.affine(
              dx, scale: call.input(2)[0] * Float(miner.scale(count)), dx, count: miner.examples * size)
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TripletMining.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(TripletMiningGradient.op, $0) }
