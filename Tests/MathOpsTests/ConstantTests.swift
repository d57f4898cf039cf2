import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ConstantTests {
  @Test func everyElementIsTheValue() throws {
    let y = try harness.evaluate(Constant.op, [:], ["value": 0.5, "shape": list(2, 3)])[0]
    #expect(y == Tensor(shape: [2, 3], [Float](repeating: 0.5, count: 6)))
    #expect(try harness.evaluate(Constant.op, [:])[0] == .scalar(0))
  }

  @Test func shapes() throws {
    #expect(try harness.infer(Constant.op, [:], ["shape": list(2, 3)]) == ["tensor<f32>[2,3]"])
    #expect(
      harness.refusal(Constant.op, [:], ["shape": list(-2)]) == "param \"shape\" must be at least 0, but is -2")
  }
}
