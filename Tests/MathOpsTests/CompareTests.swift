import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct CompareTests {
  @Test func masksMatchTheReference() throws {
    let a = Tensor(shape: [3], [Float]([1, 2, 3]))
    let b = Tensor(shape: [1], [Float]([2]))
    func mask(_ op: Op) throws -> [Float] { try harness.evaluate(op, ["a": a, "b": b])[0].elements(Float.self) }
    #expect(try mask(Compare.greater) == [0, 0, 1])
    #expect(try mask(Compare.less) == [1, 0, 0])
    #expect(try mask(Compare.equal) == [0, 1, 0])
  }

  @Test func nothingFlowsBack() throws {
    let inputs: KeyValuePairs = ["a": Tensor(shape: [1], [Float]([1])), "b": Tensor(shape: [1], [Float]([3]))]
    #expect(try harness.gradientError(Compare.less, inputs) == 0)
  }
}
