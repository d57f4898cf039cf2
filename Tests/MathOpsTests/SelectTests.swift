import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct SelectTests {
  @Test func valuesMatchTheNaiveWalk() throws {
    let x = random([3, 4, 5])
    let y = try harness.evaluate(Select.op, ["x": x], ["axis": 1, "index": -2])[0]
    #expect(y.shape == [3, 5])
    #expect(y.elements(Float.self) == moved(x, to: [3, 5]) { [$0[0], 2, $0[1]] })
  }

  @Test func gradientMatchesDifferences() throws {
    for axis in 0..<3 {
      #expect(try harness.gradientError(Select.op, ["x": random([2, 3, 4])], ["axis": .int(axis), "index": 1]) < 1e-3)
    }
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,W] rgb NCHW"]
    #expect(try harness.infer(Select.op, x, ["index": 0]) == ["tensor<f32>[3,H,W] rgb CHW"])
    #expect(try harness.infer(Select.op, x, ["axis": 1, "index": 0]) == ["tensor<f32>[1,H,W]"])
    #expect(
      harness.refusal(Select.op, x, ["axis": 1, "index": 3]) == "param \"index\" is 3, outside dimension 1, which is 3")
  }
}
