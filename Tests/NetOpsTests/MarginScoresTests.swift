import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct MarginScoresTests {
  let harness = OpHarness([MarginScores.op, MarginScoresGradient.op])
  let cosines = Tensor(shape: [3, 3], [0.3, -0.2, 0.8, 0.5, -0.97, 0.1, 0.0, 0.6, -0.4] as [Float])
  let labels = Tensor(shape: [3], [0, 1, 2] as [Float])

  @Test func `the label's cosine gets the margin`() throws {
    let arc = try harness.evaluate(
      MarginScores.op, ["x": cosines, "labels": labels], ["margin": 0.5, "scale": 10])[0].elements(Float.self)
    var expected = cosines.elements(Float.self).map { 10 * Double($0) }
    expected[0] = 10 * cos(acos(0.3) + 0.5)
    // acos(-0.97) + 0.5 passes 180°.
    expected[4] = 10 * (-0.97 - 0.5 * sin(0.5))
    expected[8] = 10 * cos(acos(-0.4) + 0.5)
    #expect(largestError(arc, expected) < 1e-5)
    let cosface = try harness.evaluate(
      MarginScores.op, ["x": cosines, "labels": labels], ["kind": "cosface", "margin": 0.35, "scale": 1])[0]
    #expect(abs(cosface.elements(Float.self)[0] + 0.05) < 1e-6)
    #expect(cosface.elements(Float.self)[1] == -0.2)
  }

  @Test(arguments: ["arcface", "cosface"]) func `the gradient agrees with differences`(kind: String) throws {
    #expect(
      try harness.gradientError(
        MarginScores.op, ["x": cosines, "labels": labels], ["kind": .string(kind), "scale": 2], wrt: ["x"], step: 3e-3)
        < 3e-3)
  }
}
