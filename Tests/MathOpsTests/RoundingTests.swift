import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct RoundingTests {
  @Test func halvesAndSigns() throws {
    let x = Tensor(shape: [6], [Float]([-1.5, -0.5, 0, 0.5, 1.5, 2.5]))
    func values(_ op: Op) throws -> [Float] { try harness.evaluate(op, ["x": x])[0].elements(Float.self) }
    #expect(try values(Rounding.sign) == [-1, -1, 0, 1, 1, 1])
    #expect(try values(Rounding.floor) == [-2, -1, 0, 0, 1, 2])
    #expect(try values(Rounding.ceil) == [-1, 0, 0, 1, 2, 3])
    #expect(try values(Rounding.round) == [-2, 0, 0, 0, 2, 2])
  }

  @Test func nothingFlowsBack() throws {
    #expect(try harness.gradientError(Rounding.floor, ["x": Tensor(shape: [2], [Float]([0.5, 1.5]))]) == 0)
  }
}
