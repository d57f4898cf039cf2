import Language
import Tensors
import TestSupport
import Testing

@testable import MathOps

/// The naive reduction over `axes`, in Double.
func reduce(
  _ x: Tensor, _ axes: [Int], from start: Double, _ combine: (Double, Double) -> Double
) -> [Double] {
  let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
  var result = Array(repeating: start, count: kept.reduce(1, *))
  for (flat, value) in x.elements(Float.self).enumerated() {
    var (rest, place, stride) = (flat, 0, 1)
    for axis in x.shape.indices.reversed() {
      if !axes.contains(axis) { place += rest % x.shape[axis] * stride }
      rest /= x.shape[axis]
      stride *= kept[axis]
    }
    result[place] = combine(result[place], Double(value))
  }
  return result
}

let patterns: [[Int]] = [[], [0], [1], [2], [3], [0, 2], [1, 3], [2, 3], [0, 1], [0, 1, 2, 3], [1, 2], [0, 3]]

@Suite struct SumTests {
  @Test(arguments: patterns) func valuesMatchTheReference(_ axes: [Int]) throws {
    let x = random([3, 4, 5, 600])
    let y = try harness.evaluate(Sum.op, ["x": x], ["axes": .array(axes.map { .int($0 - 4) })])[0]
    #expect(error(y, reduce(x, axes, from: 0, +)) < 1e-6)
    #expect(y.shape == x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] })
  }

  @Test(arguments: patterns) func gradientMatchesDifferences(_ axes: [Int]) throws {
    let attributes: [String: Literal] = ["axes": .array(axes.map { .int($0) })]
    #expect(try harness.gradientError(Sum.op, ["x": random([2, 3, 1, 4])], attributes) < 1e-3)
  }

  @Test func emptyDimensionsSumToZero() throws {
    let y = try harness.evaluate(Sum.op, ["x": random([2, 0])], ["axes": .array([.int(1)])])[0]
    #expect(y == Tensor(shape: [2], [Float](repeating: 0, count: 2)))
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[N,3,H,W]"]
    #expect(try harness.infer(Sum.op, x) == ["tensor<f32>[]"])
    #expect(try harness.infer(Sum.op, x, ["axes": .array([.int(-1), .int(2)])]) == ["tensor<f32>[N,3]"])
    #expect(try harness.infer(Sum.op, x, ["axes": .int(1), "keep_dims": .bool(true)]) == ["tensor<f32>[N,1,H,W]"])
    #expect(try harness.infer(Sum.op, ["x": "tensor<f32>"]) == ["tensor<f32>"])
    #expect(
      harness.refusal(Sum.op, x, ["axes": .int(4)])
        == "param \"axes\" names dimension 4, but the input has 4 dimensions")
    #expect(
      harness.refusal(Sum.op, x, ["axes": .array([.int(0), .int(-4)])]) == "param \"axes\" names dimension -4 twice")
  }
}
