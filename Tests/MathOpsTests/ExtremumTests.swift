import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ExtremumTests {
  @Test func valuesMatchTheReference() throws {
    let (a, b) = (random([3, 1, 5]), random([4, 5], seed: 2))
    let least = try harness.evaluate(Extremum.min, ["a": a, "b": b])[0]
    let most = try harness.evaluate(Extremum.max, ["a": a, "b": b])[0]
    #expect(error(least, broadcast(a, b, min)) == 0)
    #expect(error(most, broadcast(a, b, max)) == 0)
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = [
      "a": Tensor(shape: [4], [Float]([1, -2, 3, 0.5])), "b": Tensor(shape: [4], [Float]([0, 2, 2.5, 0.8])),
    ]
    #expect(try harness.gradientError(Extremum.min, inputs) < 1e-3)
    #expect(try harness.gradientError(Extremum.max, inputs) < 1e-3)
  }

  /// At a tie the central difference of each side is half the slope.
  @Test func tiesShareTheGradient() throws {
    let inputs: KeyValuePairs = ["a": Tensor(shape: [1], [Float]([2])), "b": Tensor(shape: [1], [Float]([2]))]
    #expect(try harness.gradientError(Extremum.max, inputs) < 1e-3)
  }
}
