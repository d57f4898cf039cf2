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
    var powers = 0.0
    let isInterior = convention.hasSuffix("interior")
    for p in 0..<planes {
      for i in 0..<height {
        for j in 0..<width {
          if j + 1 < width, !isInterior || i + 1 < height { across.append(at(p, i, j + 1) - at(p, i, j)) }
          if i + 1 < height, !isInterior || j + 1 < width { down.append(at(p, i + 1, j) - at(p, i, j)) }
          guard i + 1 < height, j + 1 < width else { continue }
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
      // The picture with its edge repeated once, as style-transfer-pytorch pads it.
      var padded: [[Double]] = [[], [], [], []]
      for p in 0..<planes {
        func edge(_ i: Int, _ j: Int) -> Double { at(p, min(max(i, 0), height - 1), min(max(j, 0), width - 1)) }
        for i in 0..<height {
          for j in 0..<width {
            padded[0].append(edge(i, j + 1) - edge(i, j))
            padded[1].append(edge(i + 1, j) - edge(i, j))
          }
        }
        for i in -1..<height {
          for j in -1..<width {
            padded[2].append(edge(i + 1, j + 1) - edge(i, j))
            padded[3].append(edge(i + 1, j) - edge(i, j + 1))
          }
        }
      }
      return 2 * (mean(padded[0]) / 3 + mean(padded[1]) / 3 + mean(padded[2]) / 12 + mean(padded[3]) / 12)
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
