import Language
import Tensors
import TestSupport
import Testing

@testable import MathOps

@Suite struct AddTests {
  @Test(arguments: [([2, 3, 4], [2, 3, 4]), ([2, 1, 4], [3, 1]), ([], [5]), ([70, 1000], [1000]), ([0, 3], [3])])
  func valuesMatchTheReference(_ left: [Int], _ right: [Int]) throws {
    let (a, b) = (random(left, in: -1...1), random(right, in: -1...1, seed: 2))
    let y = try harness.evaluate(Add.op, ["a": a, "b": b])[0]
    #expect(error(y, broadcast(a, b) { $0 + $1 }) < 1e-6)
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = ["a": random([2, 1, 4], in: -1...1), "b": random([3, 1], in: -1...1, seed: 2)]
    #expect(try harness.gradientError(Add.op, inputs) < 1e-3)
  }

  @Test func typesBroadcast() throws {
    #expect(
      try harness.infer(Add.op, ["a": "tensor<f32>[1,3,H,W] rgb NCHW 0..1", "b": "tensor<f32>[3,1,1]"])
        == ["tensor<f32>[1,3,H,W] rgb NCHW"])
    #expect(try harness.infer(Add.op, ["a": "tensor<f32>", "b": "tensor<f32>[3]"]) == ["tensor<f32>"])
    #expect(
      harness.refusal(Add.op, ["a": "tensor<f32>[2,4]", "b": "tensor<f32>[3,1]"])
        == "a and b do not broadcast: dimension 0 is 2 in a and 3 in b; they must be equal or one of them 1")
  }
}
