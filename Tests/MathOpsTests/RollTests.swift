import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct RollTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([3, 7])
    let y = try harness.evaluate(Roll.op, ["x": x], ["axes": list(0, 1), "shift": list(-1, 9)])[0]
    #expect(y.elements(Float.self) == moved(x, to: [3, 7]) { [($0[0] + 1) % 3, ($0[1] + 5) % 7] })
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Roll.op, ["x": random([2, 5])], ["shift": 2]) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[3,H,W] rgb CHW"]
    #expect(try harness.infer(Roll.op, x, ["axes": list(1, 2)]) == ["tensor<f32>[3,H,W] rgb CHW"])
    #expect(
      harness.refusal(Roll.op, x, ["axes": list(1, 2), "shift": list(1, 2, 3)])
        == "param \"shift\" has 3 entries for 2 axes")
  }
}
