import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ExpandTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([3, 1])
    let y = try harness.evaluate(Expand.op, ["x": x], ["shape": list(2, 3, 4)])[0]
    #expect(y.elements(Float.self) == moved(x, to: [2, 3, 4]) { [$0[1], 0] })
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Expand.op, ["x": random([3, 1])], ["shape": list(2, 3, 4)]) < 1e-3)
  }

  @Test func shapes() throws {
    #expect(try harness.infer(Expand.op, ["x": "tensor<f32>[H]"], ["shape": list(2, 3)]) == ["tensor<f32>[2,3]"])
    #expect(
      harness.refusal(Expand.op, ["x": "tensor<f32>[2]"], ["shape": list(3)])
        == "dimension 0 is 2 in x and 3 in shape; they must be equal")
    #expect(
      harness.refusal(Expand.op, ["x": "tensor<f32>[1,2]"], ["shape": list(2)])
        == "x has 2 dimensions, but the param \"shape\" only 1")
  }
}
