import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct PowersTests {
  static let cases: [(op: Op, low: Float, high: Float, function: @Sendable (Double) -> Double)] = [
    (Powers.square, -2, 2, { $0 * $0 }),
    (Powers.sqrt, 0.1, 5, { $0.squareRoot() }),
    (Powers.reciprocal, 0.3, 5, { 1 / $0 }),
  ]

  @Test(arguments: cases.indices) func valuesMatchTheReference(_ index: Int) throws {
    let (op, low, high, function) = Self.cases[index]
    let x = random([3, 30_000], in: low...high)
    let y = try harness.evaluate(op, ["x": x])[0]
    #expect(error(y, x.elements(Float.self).map { function(Double($0)) }) < 1e-6)
  }

  @Test(arguments: cases.indices) func gradientMatchesDifferences(_ index: Int) throws {
    let (op, low, high, _) = Self.cases[index]
    let middle = (low + high) / 2
    #expect(try harness.gradientError(op, ["x": random([7], in: middle...(0.9 * high + 0.1 * low))]) < 2e-3)
  }

  @Test(arguments: cases.indices) func theShapeStaysAndTheRangeGoes(_ index: Int) throws {
    #expect(
      try harness.infer(Self.cases[index].op, ["x": "tensor<f32>[3,H,W] rgb CHW 0..1"]) == [
        "tensor<f32>[3,H,W] rgb CHW"
      ])
  }
}
