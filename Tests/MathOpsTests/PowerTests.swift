import Glibc
import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct PowerTests {
  @Test func valuesMatchTheReference() throws {
    let (a, b) = (random([3, 4], in: 0.2...3), random([4], in: -2...2, seed: 2))
    let y = try harness.evaluate(Power.op, ["a": a, "b": b])[0]
    #expect(error(y, broadcast(a, b) { pow($0, $1) }) < 1e-6)
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = ["a": random([3, 4], in: 0.5...2), "b": random([4], in: -1...2, seed: 2)]
    #expect(try harness.gradientError(Power.op, inputs) < 2e-3)
  }

  @Test func aNegativeBaseHasAGradientByTheBaseOnly() throws {
    let inputs: KeyValuePairs = [
      "a": Tensor(shape: [2], [Float]([-1.5, -0.5])), "b": Tensor(shape: [2], [Float]([2, 3])),
    ]
    #expect(try harness.gradientError(Power.op, inputs, wrt: ["a"]) < 2e-3)
  }
}
