import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct WeightedSumTests {
  @Test func valuesMatchTheReference() throws {
    let x = [random([2, 70_000]), random([2, 70_000], seed: 2)]
    let y = try harness.evaluate(
      WeightedSum.op, ["x": x[0], "x": x[1]], ["weights": .array([0.25, -3])])[0]
    let (a, b) = (x[0].elements(Float.self), x[1].elements(Float.self))
    #expect(error(y, zip(a, b).map { 0.25 * Double($0) - 3 * Double($1) }) < 1e-6)
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = ["x": random([3]), "x": random([3], seed: 2)]
    #expect(try harness.gradientError(WeightedSum.op, inputs, ["weights": .array([0.5, 2])]) < 1e-3)
    #expect(try harness.gradientError(WeightedSum.op, inputs, ["weights": 3]) < 1e-3)
  }

  @Test func weightsCanBeMadeToAddUpToOne() throws {
    let x = [Tensor(shape: [2], [1, 2] as [Float]), Tensor(shape: [2], [5, 6] as [Float])]
    let y = try harness.evaluate(
      WeightedSum.op, ["x": x[0], "x": x[1]], ["weights": .array([3, 1]), "average": true])[0]
    #expect(y.elements(Float.self) == [2, 3])
    #expect(
      harness.refusal(WeightedSum.op, ["x": "tensor<f32>[]"], ["weights": 0, "average": true])
        == "the weights add up to 0: there is no average")
  }

  @Test func shapes() throws {
    #expect(try harness.infer(WeightedSum.op, ["x": "tensor<f32>[]", "x": "tensor<f32>[]"]) == ["tensor<f32>[]"])
    #expect(
      harness.refusal(WeightedSum.op, ["x": "tensor<f32>[]", "x": "tensor<f32>[]"], ["weights": .array([1, 2, 3])])
        == "param \"weights\" has 3 entries for 2 inputs on x")
    #expect(
      harness.refusal(WeightedSum.op, ["x": "tensor<f32>[2]", "x": "tensor<f32>[3]"])
        == "dimension 0 is 2 in x[0] and 3 in x[1]; they must be equal")
  }
}
