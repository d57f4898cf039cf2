import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct SoftmaxCrossEntropyTests {
  let harness = OpHarness([SoftmaxCrossEntropy.op, SoftmaxCrossEntropyGradient.op])
  let labels = Tensor(shape: [3], [2, 0, 3] as [Float])

  var scores: Tensor {
    var random = TestRandom(seed: 5)
    return Tensor(shape: [3, 4], random.floats(12, in: -3...3))
  }

  @Test(arguments: [0, 0.1, 1]) func `the loss equals the formula`(smoothing: Double) throws {
    let x = scores.elements(Float.self).map(Double.init)
    var expected = 0.0
    for (row, label) in [2, 0, 3].enumerated() {
      let own = Array(x[row * 4..<row * 4 + 4])
      let logSum = log(own.reduce(0) { $0 + exp($1) })
      for index in 0..<4 {
        expected -= (smoothing / 4 + (index == label ? 1 - smoothing : 0)) * (own[index] - logSum)
      }
    }
    for (reduction, factor) in [("sum", 1.0), ("mean", 1.0 / 3)] {
      let loss = try harness.evaluate(
        SoftmaxCrossEntropy.op, ["x": scores, "labels": labels],
        ["smoothing": .float(smoothing), "reduction": .string(reduction)])[0]
      #expect(abs(Double(loss.elements(Float.self)[0]) - expected * factor) < 1e-5)
    }
  }

  @Test(arguments: [0, 0.2]) func `the gradient agrees with differences`(smoothing: Double) throws {
    #expect(
      try harness.gradientError(
        SoftmaxCrossEntropy.op, ["x": scores, "labels": labels], ["smoothing": .float(smoothing)], wrt: ["x"]) < 2e-3)
  }

  @Test func `large scores do not overflow and a label that is no class gives NaN`() throws {
    let large = Tensor(shape: [1, 2], [1000, -1000] as [Float])
    let loss = try harness.evaluate(
      SoftmaxCrossEntropy.op, ["x": large, "labels": Tensor(shape: [1], [1] as [Float])])[0]
    #expect(loss.elements(Float.self)[0] == 2000)
    let none = try harness.evaluate(
      SoftmaxCrossEntropy.op, ["x": large, "labels": Tensor(shape: [1], [2] as [Float])])[0]
    #expect(none.elements(Float.self)[0].isNaN)
  }

  @Test func `as many labels as examples are needed`() {
    #expect(
      harness.refusal(SoftmaxCrossEntropy.op, ["x": "tensor<f32>[8,10]", "labels": "tensor<f32>[7]"])
        == "dimension 0: 7 where 8 is needed")
  }
}
