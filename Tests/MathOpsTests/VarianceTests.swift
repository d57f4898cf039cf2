import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct VarianceTests {
  @Test(arguments: [false, true]) func `values and slopes`(_ unbiased: Bool) throws {
    let ops = OpHarness([
      Variance.op, Mean.op, Subtract.op, Multiply.op, Scale.op, ReduceTo.op, Expand.op, Reshape.op, Negate.op,
    ])
    let x = random([2, 3, 4])
    let attributes: [String: Literal] = ["axes": list(0, 2), "unbiased": .bool(unbiased)]
    let y = try ops.evaluate(Variance.op, ["x": x], attributes)[0]
    let values = x.elements(Float.self).map(Double.init)
    let expected = (0..<3).map { channel -> Double in
      let part = (0..<8).map { values[$0 / 4 * 12 + channel * 4 + $0 % 4] }
      let mean = part.reduce(0, +) / 8
      return part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (unbiased ? 7 : 8)
    }
    #expect(y.shape == [1, 3, 1])
    #expect(largestError(y.elements(Float.self), expected) < 1e-6)
    #expect(try ops.gradientError(Variance.op, ["x": x], attributes) < 2e-3)
  }

  @Test func refusals() {
    #expect(
      harness.refusal(Variance.op, ["x": "tensor<f32>[1,1]"], ["unbiased": true])
        == "an unbiased variance needs at least 2 elements")
  }
}
