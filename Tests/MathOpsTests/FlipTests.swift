import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct FlipTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([3, 4, 5])
    let y = try harness.evaluate(Flip.op, ["x": x], ["axes": list(0, 2)])[0]
    #expect(y.elements(Float.self) == moved(x, to: [3, 4, 5]) { [2 - $0[0], $0[1], 4 - $0[2]] })
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Flip.op, ["x": random([2, 3])], ["axes": list(0, 1)]) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[3,H,W] rgb CHW"]
    #expect(try harness.infer(Flip.op, x) == ["tensor<f32>[3,H,W] rgb CHW"])
    #expect(try harness.infer(Flip.op, x, ["axes": 0]) == ["tensor<f32>[3,H,W] CHW"])
    #expect(
      harness.refusal(Flip.op, x, ["axes": 3]) == "param \"axes\" names dimension 3, but the input has 3 dimensions")
  }
}
