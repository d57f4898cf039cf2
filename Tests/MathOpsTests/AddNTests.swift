import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct AddNTests {
  @Test func valuesMatchTheReference() throws {
    let x = (0..<3).map { random([40_000], seed: UInt64($0)) }
    let y = try harness.evaluate(AddN.op, ["x": x[0], "x": x[1], "x": x[2]])[0]
    let values = x.map { $0.elements(Float.self) }
    #expect(error(y, (0..<40_000).map { i in values.reduce(0.0) { $0 + Double($1[i]) } }) < 1e-6)
    #expect(try harness.evaluate(AddN.op, [:])[0] == .scalar(0))
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(AddN.op, ["x": random([3]), "x": random([3], seed: 2)]) < 1e-3)
  }

  @Test func shapes() throws {
    #expect(try harness.infer(AddN.op, ["x": "tensor<f32>[H]", "x": "tensor<f32>[4]"]) == ["tensor<f32>[4]"])
    #expect(try harness.infer(AddN.op, ["x": "tensor<f32>", "x": "tensor<f32>"]) == ["tensor<f32>"])
    #expect(
      harness.refusal(AddN.op, ["x": "tensor<f32>[2]", "x": "tensor<f32>[2,1]"])
        == "x[0] has 1 dimensions and x[1] has 2; they must have the same number")
  }
}
