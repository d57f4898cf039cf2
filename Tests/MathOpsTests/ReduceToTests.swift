import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ReduceToTests {
  @Test(arguments: [[4], [1, 4], [3, 1], [2, 1, 1], [], [2, 3, 4]]) func valuesMatchTheReference(_ shape: [Int]) throws
  {
    let x = random([2, 3, 4])
    let y = try harness.evaluate(ReduceTo.op, ["x": x], ["shape": .array(shape.map { .int($0) })])[0]
    let padded = Array(repeating: 1, count: 3 - shape.count) + shape
    #expect(y.shape == shape)
    #expect(error(y, reduce(x, (0..<3).filter { padded[$0] == 1 }, from: 0, +)) < 1e-6)
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(ReduceTo.op, ["x": random([2, 3, 4])], ["shape": list(3, 1)]) < 1e-3)
  }
}
