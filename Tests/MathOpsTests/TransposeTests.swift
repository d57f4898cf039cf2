import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct TransposeTests {
  @Test(arguments: [[0, 2, 3, 1], [3, 1, 0, 2], [0, 1, 2, 3]]) func valuesMatchTheNaiveWalk(_ order: [Int]) throws {
    let x = random([2, 30, 40, 3])
    let y = try harness.evaluate(Transpose.op, ["x": x], ["order": .array(order.map { .int($0) })])[0]
    let shape = order.map { x.shape[$0] }
    #expect(y.shape == shape)
    #expect(
      y.elements(Float.self)
        == moved(x, to: shape) { index in (0..<4).map { index[order.firstIndex(of: $0)!] } })
  }

  @Test func outOfBlocksChannelsComeToLieLast() throws {
    for shape in [[2, 20, 3, 5], [1, 16, 40, 40], [1, 2, 7, 3]] {
      let x = random(shape)
      let result = Concrete(dtype: .f32, shape: [shape[0], shape[2], shape[3], shape[1]])
      let attributes = Transpose.op.attributes(["order": list(0, 2, 3, 1)]).0
      guard case .numeric(let numeric) = Transpose.op.action else { return }
      let choices = try numeric.select(
        Site(attributes: attributes, operands: [[Concrete(dtype: .f32, shape: shape)]], results: [result]))
      let choice = try #require(choices.first { $0.operandLayouts == [.blocked] })
      let y = choice.result(of: x.blocks, count: result.count)
      let expected = try harness.evaluate(Transpose.op, ["x": x], ["order": list(0, 2, 3, 1)])[0]
      #expect(y == Array(expected.elements(Float.self)))
    }
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Transpose.op, ["x": random([2, 3, 4])], ["order": list(2, 0, 1)]) < 1e-3)
    #expect(try harness.gradientError(Transpose.op, ["x": random([2, 3])]) < 1e-3)
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,W] rgb NCHW 0..1"]
    #expect(
      try harness.infer(Transpose.op, x, ["order": list(0, 2, 3, 1)]) == ["tensor<f32>[1,H,W,3] rgb NHWC 0..1"])
    #expect(try harness.infer(Transpose.op, x) == ["tensor<f32>[W,H,3,1] rgb 0..1"])
    #expect(
      harness.refusal(Transpose.op, x, ["order": list(0, 1)]) == "param \"order\" has 2 entries for 4 dimensions")
    #expect(
      harness.refusal(Transpose.op, x, ["order": list(0, 1, 1, 2)]) == "param \"order\" names dimension 1 twice")
  }
}
