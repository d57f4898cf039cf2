import Language
import Tensors
import TestSupport
import Testing

@testable import MathOps

@Suite struct ScaleTests {
  @Test func valuesMatchTheReference() throws {
    let x = random([3, 40_000])
    let y = try harness.evaluate(Scale.op, ["x": x], ["by": .float(2.5), "offset": .float(-0.75)])[0]
    #expect(error(y, x.elements(Float.self).map { Double($0) * 2.5 - 0.75 }) < 1e-6)
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Scale.op, ["x": random([7])], ["by": .float(-3), "offset": .float(1)]) < 1e-3)
  }

  @Test func theRangeIsKeptOnlyByTheIdentity() throws {
    let x = "tensor<f32>[3,H,W] rgb CHW 0..1"
    #expect(try harness.infer(Scale.op, ["x": x]) == [x])
    #expect(try harness.infer(Scale.op, ["x": x], ["by": .float(2)]) == ["tensor<f32>[3,H,W] rgb CHW"])
  }
}
