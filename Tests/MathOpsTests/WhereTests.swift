import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct WhereTests {
  @Test func valuesMatchTheReference() throws {
    let mask = Tensor(shape: [3, 1], [Float]([0, 1, -2]))
    let (a, b) = (random([3, 400]), random([400], seed: 2))
    let y = try harness.evaluate(Where.op, ["mask": mask, "a": a, "b": b])[0].elements(Float.self)
    let (p, q) = (a.elements(Float.self), b.elements(Float.self))
    #expect(y == (0..<1200).map { $0 < 400 ? q[$0] : p[$0] })
  }

  @Test func gradientMatchesDifferences() throws {
    let mask = Tensor(shape: [2, 1], [Float]([0, 1]))
    let error = try harness.gradientError(
      Where.op, ["mask": mask, "a": random([3]), "b": random([2, 3], seed: 2)], wrt: ["a", "b"])
    #expect(error < 1e-3)
  }

  @Test func shapes() throws {
    #expect(
      try harness.infer(Where.op, ["mask": "tensor<f32>[1,H,W]", "a": "tensor<f32>[3,H,W]", "b": "tensor<f32>[]"])
        == ["tensor<f32>[3,H,W]"])
    #expect(
      harness.refusal(Where.op, ["mask": "tensor<f32>[2]", "a": "tensor<f32>[3]", "b": "tensor<f32>[3]"])
        == "mask and a and b do not broadcast: dimension 0 is 2 in mask and 3 in a and b; they must be equal or one of them 1"
    )
  }
}
