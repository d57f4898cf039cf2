import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct TripletMiningTests {
  let harness = OpHarness([TripletMining.op, TripletMiningGradient.op])
  let labels = Tensor(shape: [7], [0, 1, 0, 2, 1, 0, 3] as [Float])

  var x: Tensor {
    var random = TestRandom(seed: 44)
    return Tensor(shape: [7, 4], random.floats(28))
  }

  /// Every triplet by the definition, in Double.
  func expected(_ mining: String, _ alpha: Double, mean: Bool) -> Double {
    let (values, who) = (x.elements(Float.self).map(Double.init), labels.elements(Float.self))
    func distance(_ a: Int, _ b: Int) -> Double {
      (0..<4).reduce(0) { $0 + (values[a * 4 + $1] - values[b * 4 + $1]) * (values[a * 4 + $1] - values[b * 4 + $1]) }
    }
    var terms: [Double] = []
    for a in 0..<7 {
      let positives = (0..<7).filter { $0 != a && who[$0] == who[a] }
      let negatives = (0..<7).filter { who[$0] != who[a] }
      func term(_ p: Int, _ n: Int) { terms.append(max(0, distance(a, p) - distance(a, n) + alpha)) }
      switch mining {
      case "all": for p in positives { for n in negatives { term(p, n) } }
      case "hard":
        if let p = positives.max(by: { distance(a, $0) < distance(a, $1) }),
          let n = negatives.min(by: { distance(a, $0) < distance(a, $1) })
        {
          term(p, n)
        }
      default:
        for p in positives {
          let farther = negatives.filter { distance(a, $0) > distance(a, p) }
          if let n = farther.min(by: { distance(a, $0) < distance(a, $1) })
            ?? negatives.max(by: { distance(a, $0) < distance(a, $1) })
          {
            term(p, n)
          }
        }
      }
    }
    let active = terms.filter { $0 > 0 }
    return active.reduce(0, +) / (mean ? Double(max(1, active.count)) : 1)
  }

  @Test(arguments: ["all", "hard", "semi_hard"], ["sum", "mean"]) func `triplets are those of the definition`(
    mining: String, reduction: String
  ) throws {
    let loss = try harness.evaluate(
      TripletMining.op, ["x": x, "labels": labels],
      ["mining": .string(mining), "alpha": 0.3, "reduction": .string(reduction)])[0].elements(Float.self)[0]
    let wanted = expected(mining, 0.3, mean: reduction == "mean")
    #expect(wanted > 0 && abs(Double(loss) - wanted) < 1e-5 * max(1, wanted))
  }

  @Test(arguments: ["all", "hard", "semi_hard"]) func `the gradient agrees with differences`(mining: String) throws {
    #expect(
      try harness.gradientError(
        TripletMining.op, ["x": x, "labels": labels], ["mining": .string(mining), "alpha": 0.3], wrt: ["x"], step: 1e-3)
        < 2e-2)
  }

  @Test func `a batch without triplets has no loss`() throws {
    let alone = Tensor(shape: [7], (0..<7).map { Float($0) })
    #expect(
      try harness.evaluate(TripletMining.op, ["x": x, "labels": alone])[0].elements(Float.self) == [0])
  }
}
