import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct SliceTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([4, 50, 7])
    let y = try harness.evaluate(
      Slice.op, ["x": x], ["axes": list(1, -1), "begin": list(3, -6), "end": list(48, 6), "step": list(4, 2)])[0]
    #expect(y.shape == [4, 12, 3])
    #expect(y.elements(Float.self) == moved(x, to: [4, 12, 3]) { [$0[0], 3 + 4 * $0[1], 1 + 2 * $0[2]] })
    let bytes = Tensor(shape: [5], [UInt8]([1, 2, 3, 4, 5]))
    #expect(try harness.evaluate(Slice.op, ["x": bytes], ["begin": -2])[0] == Tensor(shape: [2], [UInt8]([4, 5])))
  }

  @Test func placesOutsideAreMovedToTheEdge() throws {
    let x = random([4, 5])
    #expect(try harness.evaluate(Slice.op, ["x": x], ["begin": -9, "end": 99])[0] == x)
    #expect(try harness.evaluate(Slice.op, ["x": x], ["begin": 3, "end": 2])[0].shape == [0, 5])
  }

  @Test func gradientMatchesDifferences() throws {
    let attributes: [String: Literal] = [
      "axes": list(1, 2), "begin": list(1, 0), "end": list(6, 4), "step": list(2, 3),
    ]
    #expect(try harness.gradientError(Slice.op, ["x": random([2, 6, 5])], attributes) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,W] rgb NCHW 0..1"]
    let attributes: [String: Literal] = [
      "axes": list(2, 3), "begin": list(0, 1), "end": list(-1, 1 << 40), "step": list(1, 2),
    ]
    #expect(try harness.infer(Slice.op, x, attributes) == ["tensor<f32>[1,3,H-1,W/2] rgb NCHW 0..1"])
    #expect(
      try harness.infer(Slice.op, x, ["axes": 1, "begin": 1]) == ["tensor<f32>[1,2,H,W] NCHW 0..1"])
    #expect(
      harness.refusal(Slice.op, x, ["axes": list(0, 1, 2), "begin": list(0, 1)])
        == "param \"begin\" has 2 entries for 3 axes")
    #expect(harness.refusal(Slice.op, x, ["axes": list(1, -3)]) == "param \"axes\" names dimension -3 twice")
  }
}
