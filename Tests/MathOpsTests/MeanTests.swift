import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct MeanTests {
  @Test(arguments: patterns) func valuesMatchTheReference(_ axes: [Int]) throws {
    let x = random([3, 4, 5, 60])
    let count = Double(axes.reduce(1) { $0 * x.shape[$1] })
    let y = try harness.evaluate(Mean.op, ["x": x], ["axes": .array(axes.map { .int($0) })])[0]
    #expect(error(y, reduce(x, axes, from: 0, +).map { $0 / count }) < 1e-6)
  }

  @Test(arguments: patterns) func gradientMatchesDifferences(_ axes: [Int]) throws {
    let attributes: [String: Literal] = ["axes": .array(axes.map { .int($0) }), "keep_dims": true]
    #expect(try harness.gradientError(Mean.op, ["x": random([2, 3, 1, 4])], attributes) < 1e-3)
  }

  @Test func nothingHasNoMean() {
    #expect(
      harness.refusal(Mean.op, ["x": "tensor<f32>[2,0]"]) == "dimension 1 is 0: there is no mean of nothing")
  }
}
