import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ExtremumOverTests {
  @Test(arguments: patterns) func valuesMatchTheReference(_ axes: [Int]) throws {
    let x = random([3, 4, 5, 60])
    let attributes: [String: Literal] = ["axes": .array(axes.map { .int($0) })]
    let most = try harness.evaluate(ExtremumOver.max, ["x": x], attributes)[0]
    let least = try harness.evaluate(ExtremumOver.min, ["x": x], attributes)[0]
    #expect(error(most, reduce(x, axes, from: -.infinity, max)) == 0)
    #expect(error(least, reduce(x, axes, from: .infinity, min)) == 0)
  }

  @Test func notANumberComesThrough() throws {
    let x = Tensor(shape: [3], [Float]([1, .nan, 2]))
    #expect(try harness.evaluate(ExtremumOver.max, ["x": x])[0].elements(Float.self)[0].isNaN)
  }

  @Test func gradientMatchesDifferences() throws {
    let x = Tensor(shape: [2, 3], [Float]([1, 2, 3, 6, 5, 4]))
    #expect(try harness.gradientError(ExtremumOver.max, ["x": x], ["axes": 1]) < 1e-3)
    #expect(try harness.gradientError(ExtremumOver.min, ["x": x], ["axes": 0]) < 1e-3)
  }

  @Test func nothingHasNoExtreme() {
    #expect(
      harness.refusal(ExtremumOver.min, ["x": "tensor<f32>[0]"])
        == "dimension 0 is 0: there is no smallest element of nothing")
  }
}
