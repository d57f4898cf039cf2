import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct AveragePoolTests {
  let harness = OpHarness([AveragePool.op, AveragePool.gradient])

  @Test func `values equal the plain loop, the border counted or not`() throws {
    var random = TestRandom(seed: 93)
    let x = random.floats(2 * 9 * 8)
    let cases: [([String: Literal], NaivePool)] = [
      (["kernel": 2], NaivePool(height: 9, width: 8, kernel: (2, 2), stride: (2, 2), output: (4, 4))),
      (
        ["kernel": 3, "stride": 2, "padding": 1, "ceil": true],
        NaivePool(height: 9, width: 8, kernel: (3, 3), stride: (2, 2), pads: (1, 1, 1, 1), output: (5, 5))
      ),
      (
        ["kernel": 2, "padding": "same"],
        NaivePool(height: 9, width: 8, kernel: (2, 2), stride: (2, 2), pads: (0, 0, 1, 0), output: (5, 4))
      ),
    ]
    for (attributes, naive) in cases {
      for isCounted in [true, false] {
        let y = try harness.evaluate(
          AveragePool.op, ["x": Tensor(shape: [1, 2, 9, 8], x)],
          attributes.merging(["count_include_pad": .bool(isCounted)]) { a, _ in a })[0]
        let expected = naive.map(x) { $0.reduce(0, +) / Double(isCounted ? $1 : $0.count) }
        #expect(y.shape == [1, 2, naive.output.0, naive.output.1])
        #expect(largestError(y.elements(Float.self), expected) < 1e-6)
      }
    }
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 94)
    let x = Tensor(shape: [2, 2, 5, 6], random.floats(120))
    for attributes in [
      ["kernel": 2], ["kernel": 3, "stride": 2, "padding": 1, "ceil": true],
      ["kernel": 3, "stride": 1, "padding": "same", "count_include_pad": false],
    ] as [[String: Literal]] {
      #expect(try harness.gradientError(AveragePool.op, ["x": x], attributes) < 2e-3)
    }
  }

  @Test func `shapes follow from symbols`() throws {
    #expect(
      try harness.infer(AveragePool.op, ["x": "tensor<f32>[1,C,H,W] rgb 0..1"], ["kernel": 2])
        == ["tensor<f32>[1,C,H/2,W/2] rgb 0..1"])
    #expect(
      harness.refusal(AveragePool.op, ["x": "tensor<f32>[1,1,9,2]"], ["kernel": 4])
        == "x: dimension 3 is 2, smaller than the window, which covers 4")
  }
}
