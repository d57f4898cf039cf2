import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct PadTests {
  /// Counted out by hand for [0, 1, 2, 3] with 3 in front and 2 behind.
  @Test(arguments: [
    ("constant", [9, 9, 9, 0, 1, 2, 3, 9, 9]), ("reflect", [3, 2, 1, 0, 1, 2, 3, 2, 1]),
    ("replicate", [0, 0, 0, 0, 1, 2, 3, 3, 3]), ("wrap", [1, 2, 3, 0, 1, 2, 3, 0, 1]),
  ])
  func modesRepeatWhatTheySay(_ mode: String, _ expected: [Int]) throws {
    let x = Tensor(shape: [2, 4], [Float]([0, 1, 2, 3, 0, 1, 2, 3]))
    let y = try harness.evaluate(
      Pad.op, ["x": x], ["before": list(3), "after": list(2), "mode": .string(mode), "value": 9])[0]
    #expect(y.elements(Float.self) == (expected + expected).map { Float($0) })
  }

  @Test func oneNumberPadsTheLastTwoDimensions() throws {
    let x = random([2, 3, 4])
    let y = try harness.evaluate(Pad.op, ["x": x], ["before": 1, "after": 2])[0]
    #expect(y.shape == [2, 6, 7])
    #expect(
      y.elements(Float.self)
        == moved(x, to: [2, 6, 7]) {
          (1...3).contains($0[1]) && (1...4).contains($0[2]) ? [$0[0], $0[1] - 1, $0[2] - 1] : nil
        })
  }

  @Test(arguments: PadMode.allCases) func gradientMatchesDifferences(_ mode: PadMode) throws {
    let attributes: [String: Literal] = [
      "before": list(1, 3), "after": list(2, 0), "mode": .string(mode.rawValue), "value": 0.5,
    ]
    #expect(try harness.gradientError(Pad.op, ["x": random([2, 4, 5])], attributes) < 2e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,4] rgb NCHW 0..1"]
    #expect(try harness.infer(Pad.op, x, ["before": 2, "after": 1]) == ["tensor<f32>[1,3,H+3,7] rgb NCHW 0..1"])
    #expect(
      harness.refusal(Pad.op, x, ["after": list(4), "mode": "reflect"])
        == "param \"after\" puts 4 elements by mode reflect at dimension 3 of x, which is 4: 3 are the most")
    #expect(
      harness.refusal(Pad.op, ["x": "tensor<f32>[2]"], ["before": list(1, 1)])
        == "param \"before\" has 2 entries for 1 dimensions")
  }
}
