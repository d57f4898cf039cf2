import Language
import MathOps
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct MatMulTests {
  let harness = OpHarness([MatMul.op])

  @Test func `values equal the plain loop, for both transpositions and with broadcasting`() throws {
    var random = TestRandom(seed: 11)
    let (m, k, n) = (5, 7, 6)
    for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
      let a = random.floats(2 * m * k)
      let b = random.floats(3 * k * n)
      let y = try harness.evaluate(
        MatMul.op,
        [
          "a": Tensor(shape: [2, 1] + (transposeA ? [k, m] : [m, k]), a),
          "b": Tensor(shape: [3] + (transposeB ? [n, k] : [k, n]), b),
        ], ["transpose_a": .bool(transposeA), "transpose_b": .bool(transposeB)])[0]
      let expected = (0..<2 * 3 * m * n).map { index in
        let (batchA, batchB, i, j) = (index / (3 * m * n), index / (m * n) % 3, index / n % m, index % n)
        return (0..<k).reduce(0.0) { sum, p in
          sum + Double(a[batchA * m * k + (transposeA ? p * m + i : i * k + p)])
            * Double(b[batchB * k * n + (transposeB ? j * k + p : p * n + j)])
        }
      }
      #expect(y.shape == [2, 3, m, n])
      #expect(largestError(y.elements(Float.self), expected) < 1e-6)
    }
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 12)
    for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
      let error = try harness.gradientError(
        MatMul.op,
        [
          "a": Tensor(shape: [2] + (transposeA ? [3, 4] : [4, 3]), random.floats(24)),
          "b": Tensor(shape: [2] + (transposeB ? [5, 3] : [3, 5]), random.floats(30)),
        ], ["transpose_a": .bool(transposeA), "transpose_b": .bool(transposeB)])
      #expect(error < 2e-3)
    }
  }

  @Test func `the gradient of what is broadcast is summed`() throws {
    var random = TestRandom(seed: 13)
    let harness = OpHarness([MatMul.op, try #require(Registry.linked["math.reduce_to"])])
    let error = try harness.gradientError(
      MatMul.op,
      ["a": Tensor(shape: [3, 1, 2, 4], random.floats(24)), "b": Tensor(shape: [2, 4, 3], random.floats(24))])
    #expect(error < 2e-3)
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    #expect(
      try harness.infer(MatMul.op, ["a": "tensor<f32>[N,1,H,64]", "b": "tensor<f32>[8,64,W]"])
        == ["tensor<f32>[N,8,H,W]"])
    #expect(
      try harness.infer(MatMul.op, ["a": "tensor<f32>[C,M]", "b": "tensor<f32>[C,M]"], ["transpose_b": true])
        == ["tensor<f32>[C,C]"])
    #expect(try harness.infer(MatMul.op, ["a": "tensor", "b": "tensor<f32>[2,2]"]) == ["tensor<f32>"])
  }

  @Test func `what cannot be is refused in words`() {
    #expect(
      harness.refusal(MatMul.op, ["a": "tensor<f32>[2,3]", "b": "tensor<f32>[2,3]"])
        == "b: dimension 0 is 2 where 3 is needed (a has 3 columns)")
    #expect(
      harness.refusal(MatMul.op, ["a": "tensor<f32>[2,4,3]", "b": "tensor<f32>[5,3,1]"])
        == "a [2,4,3] and b [5,3,1]: batch dimension 0 is 2 and 5, which do not broadcast")
    #expect(
      harness.refusal(MatMul.op, ["a": "tensor<f32>[3]", "b": "tensor<f32>[3,1]"])
        == "a: rank 1 ([3]) where at least 2 is needed")
  }
}
