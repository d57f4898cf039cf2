import Language
import Tensors
import TestSupport
import Testing

@testable import MathOps

@Suite struct ReshapeTests {
  @Test func elementsKeepTheirOrder() throws {
    let x = random([2, 3, 4])
    let y = try harness.evaluate(Reshape.op, ["x": x], ["shape": .array([.int(6), .int(-1)])])[0]
    #expect(y == x.reshaped([6, 4]))
    let bytes = Tensor(shape: [2, 2], [UInt8]([1, 2, 3, 4]))
    #expect(try harness.evaluate(Reshape.op, ["x": bytes], ["shape": .int(4)])[0] == bytes.reshaped([4]))
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(
      try harness.gradientError(Reshape.op, ["x": random([2, 6])], ["shape": .array([.int(3), .int(4)])]) < 1e-3)
  }

  @Test func shapes() throws {
    let attributes: [String: Literal] = ["shape": .array([.int(1), .int(-1)])]
    #expect(
      try harness.infer(Reshape.op, ["x": "tensor<f32>[2,H,W] 0..1"], attributes) == ["tensor<f32>[1,2*H*W] 0..1"])
    #expect(try harness.infer(Reshape.op, ["x": "tensor<u8>"], ["shape": .int(3)]) == ["tensor<u8>[3]"])
    #expect(
      harness.refusal(Reshape.op, ["x": "tensor<f32>[2,3]"], ["shape": .int(5)])
        == "x is [2,3] and cannot be seen as [5]: 6 elements where 5 are needed")
    #expect(
      harness.refusal(Reshape.op, ["x": "tensor<f32>[2,3]"], ["shape": .array([.int(4), .int(-1)])])
        == "x is [2,3]: its 6 elements cannot be divided by 4 to fill the -1")
    #expect(
      harness.refusal(Reshape.op, ["x": "tensor<f32>[2]"], ["shape": .array([.int(-1), .int(-1)])])
        == "param \"shape\" holds -1 2 times; once is the most")
  }
}
