import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct FlattenTests {
  @Test func elementsStay() throws {
    let x = random([2, 3, 4])
    #expect(try harness.evaluate(Flatten.op, ["x": x])[0] == x.reshaped([24]))
    #expect(try harness.evaluate(Flatten.op, ["x": x], ["start": 1])[0] == x.reshaped([2, 12]))
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Flatten.op, ["x": random([2, 3])]) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[N,512,H,W]"]
    #expect(try harness.infer(Flatten.op, x, ["start": 1]) == ["tensor<f32>[N,512*H*W]"])
    #expect(try harness.infer(Flatten.op, x, ["end": 1]) == ["tensor<f32>[512*N,H,W]"])
    #expect(
      harness.refusal(Flatten.op, x, ["start": 2, "end": 1])
        == "param \"start\" is dimension 2, after \"end\", dimension 1")
  }
}
