import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct TotalVariationTests {
  let harness = OpHarness([TotalVariation.op, TotalVariationGradient.op])

  /// Written from the definitions, over [planes, height, width].
  func reference(_ convention: String, _ x: [Float], _ planes: Int, _ height: Int, _ width: Int) -> Double {
    func at(_ p: Int, _ i: Int, _ j: Int) -> Double { Double(x[(p * height + i) * width + j]) }
    var across: [Double] = []
    var down: [Double] = []
    var diagonals: [[Double]] = [[], []]
    var powers = 0.0
    let isInterior = convention.hasSuffix("interior")
    for p in 0..<planes {
      for i in 0..<height {
        for j in 0..<width {
          if j + 1 < width, !isInterior || i + 1 < height { across.append(at(p, i, j + 1) - at(p, i, j)) }
          if i + 1 < height, !isInterior || j + 1 < width { down.append(at(p, i + 1, j) - at(p, i, j)) }
          guard i + 1 < height, j + 1 < width else { continue }
          diagonals[0].append(at(p, i + 1, j + 1) - at(p, i, j))
          diagonals[1].append(at(p, i + 1, j) - at(p, i, j + 1))
          let (dx, dy) = (at(p, i, j + 1) - at(p, i, j), at(p, i + 1, j) - at(p, i, j))
          powers += pow(dx * dx + dy * dy, 1.25)
        }
      }
    }
    func squares(_ d: [Double]) -> Double { d.reduce(0) { $0 + $1 * $1 } }
    func mean(_ d: [Double]) -> Double { squares(d) / Double(d.count) }
    switch convention {
    case "absolute", "absolute_interior": return (across + down).reduce(0) { $0 + abs($1) }
    case "squared_mean": return squares(across + down) / Double(x.count)
    case "nine_point":
      return 2 * (mean(across) / 3 + mean(down) / 3 + mean(diagonals[0]) / 12 + mean(diagonals[1]) / 12)
    case "keras": return powers
    default: return squares(across + down)
    }
  }

  @Test(arguments: Variation.names) func `values follow the definition`(convention: String) throws {
    var random = TestRandom(seed: 51)
    let x = random.floats(2 * 3 * 5 * 7)
    let loss = try harness.evaluate(
      TotalVariation.op, ["x": Tensor(shape: [2, 3, 5, 7], x)], ["convention": .string(convention), "scale": 0.5])[0]
    #expect(largestError(loss.elements(Float.self), [0.5 * reference(convention, x, 6, 5, 7)]) < 1e-6)
  }

  @Test(arguments: Variation.names) func `gradients agree with differences`(convention: String) throws {
    // Values apart from each other by more than the step, so that no difference changes its sign.
    var random = TestRandom(seed: 52)
    let x = (0..<40).map { Float($0 * 7 % 40) / 10 }.shuffled(using: &random)
    let error = try harness.gradientError(
      TotalVariation.op, ["x": Tensor(shape: [2, 4, 5], x)], ["convention": .string(convention), "scale": 2])
    #expect(error < 2e-3)
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    #expect(try harness.infer(TotalVariation.op, ["x": "tensor<f32>[1,3,H,W] rgb"]) == ["tensor<f32>[]"])
    #expect(
      harness.refusal(TotalVariation.op, ["x": "tensor<f32>[1,3,1,W]"])
        == "x: dimension 2 is 1 where at least 2 is needed for a difference")
    #expect(
      harness.refusal(TotalVariation.op, ["x": "tensor<f32>[9]"]) == "x: rank 1 ([9]) where at least 2 is needed")
  }
}
