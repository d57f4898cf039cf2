import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct SoftmaxTests {
  let harness = OpHarness([Softmax.op, LogSoftmax.op, SoftmaxGradient.op])

  /// Over the middle axis of [outer, length, inner].
  func logarithms(_ x: [Float], _ outer: Int, _ length: Int, _ inner: Int) -> [Double] {
    x.indices.map { index in
      let start = index / (length * inner) * length * inner + index % inner
      let row = (0..<length).map { Double(x[start + $0 * inner]) }
      let top = row.max()!
      return Double(x[index]) - top - log(row.reduce(0) { $0 + exp($1 - top) })
    }
  }

  @Test(arguments: [0, 1, -1]) func `values equal the formula along any axis`(axis: Int) throws {
    var random = TestRandom(seed: 81)
    let shape = [3, 5, 7]
    let x = random.floats(105, in: -30...30)
    let (outer, length, inner) = [0: (1, 3, 35), 1: (3, 5, 7), -1: (15, 7, 1)][axis]!
    let expected = logarithms(x, outer, length, inner)
    let tensor = Tensor(shape: shape, x)
    let y = try harness.evaluate(Softmax.op, ["x": tensor], ["axis": .int(axis)])[0]
    #expect(largestError(y.elements(Float.self), expected.map(exp)) < 1e-6)
    let log = try harness.evaluate(LogSoftmax.op, ["x": tensor], ["axis": .int(axis)])[0]
    #expect(largestError(log.elements(Float.self), expected) < 1e-6)
  }

  @Test(arguments: [0, 1, -1]) func `gradients agree with differences`(axis: Int) throws {
    var random = TestRandom(seed: 82)
    let x = Tensor(shape: [3, 4, 2], random.floats(24, in: -2...2))
    for op in [Softmax.op, LogSoftmax.op] {
      #expect(try harness.gradientError(op, ["x": x], ["axis": .int(axis)]) < 3e-3)
    }
  }

  @Test func `shapes follow, and the axis must exist`() throws {
    #expect(try harness.infer(Softmax.op, ["x": "tensor<f32>[N,10]"]) == ["tensor<f32>[N,10] 0..1"])
    #expect(try harness.infer(LogSoftmax.op, ["x": "tensor<f32>[N,10]"]) == ["tensor<f32>[N,10]"])
    #expect(
      harness.refusal(Softmax.op, ["x": "tensor<f32>[7]"], ["axis": 1])
        == "param \"axis\" is 1, but the input has 1 dimension")
  }
}
