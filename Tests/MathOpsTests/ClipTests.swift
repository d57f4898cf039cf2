import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ClipTests {
  @Test func valuesAreHeldBetweenTheBounds() throws {
    let x = Tensor(shape: [4], [Float]([-1, 0.25, 0.75, 2]))
    #expect(
      try harness.evaluate(Clip.op, ["x": x], ["min": 0, "max": 1])[0].elements(Float.self) == [0, 0.25, 0.75, 1])
    #expect(try harness.evaluate(Clip.op, ["x": x], ["min": 0.5])[0].elements(Float.self) == [0.5, 0.5, 0.75, 2])
  }

  @Test func gradientMatchesDifferences() throws {
    let x = Tensor(shape: [4], [Float]([-1, 0.25, 0.75, 2]))
    #expect(try harness.gradientError(Clip.op, ["x": x], ["min": 0, "max": 1]) < 1e-3)
  }

  @Test func kernelsMayTakeItOnWhereZeroStaysZero() throws {
    guard case .numeric(let numeric) = Clip.op.action else { return #expect(Bool(false), "math.clip is not numeric") }
    func ways(_ low: Double, _ high: Double) -> [Pointwise] {
      numeric.pointwise!(
        Site(attributes: Attributes(["min": .float(low), "max": .float(high)]), operands: [], results: []))
    }
    #expect(ways(0, 6) == [Pointwise(.bound(low: 0, high: 6))])
    #expect(ways(-1, .infinity) == [Pointwise(.bound(low: -1, high: .infinity))])
    // The filling of blocks must stay zero.
    #expect(ways(0.5, 6) == [] && ways(-6, -0.5) == [])
  }

  @Test func theMeaningStays() throws {
    let x = "tensor<f32>[3,H,W] rgb CHW 0..1"
    #expect(try harness.infer(Clip.op, ["x": x]) == [x])
  }
}
