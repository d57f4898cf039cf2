import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

/// A well-conditioned covariance of `n` channels.
func covariance(_ n: Int, seed: UInt64 = 1) -> Tensor {
  let x = random([n, 4 * n], seed: seed).elements(Float.self)
  return Tensor(
    shape: [n, n],
    (0..<n * n).map { index -> Float in
      let (i, j) = (index / n, index % n)
      let sum = (0..<4 * n).reduce(Float(0)) { $0 + x[i * 4 * n + $1] * x[j * 4 * n + $1] }
      return sum / Float(4 * n) + (i == j ? 0.1 : 0)
    })
}

func product(_ a: Tensor, _ b: Tensor) -> [Double] {
  let (n, x, y) = (a.shape[0], a.elements(Float.self), b.elements(Float.self))
  return (0..<n * n).map { index in
    (0..<n).reduce(0.0) { $0 + Double(x[index / n * n + $1]) * Double(y[$1 * n + index % n]) }
  }
}

@Suite struct MatrixPowerTests {
  let ops = OpHarness([MatrixPower.op, MatrixPower.gradient])

  @Test func `the root squared is the matrix, and whitening makes it the identity`() throws {
    let x = covariance(17)
    let root = try ops.evaluate(MatrixPower.op, ["x": x])[0]
    #expect(largestError(x.elements(Float.self), product(root, root)) < 1e-6)
    let white = try ops.evaluate(MatrixPower.op, ["x": x], ["exponent": -0.5])[0]
    let inverse = Tensor(shape: [17, 17], product(white, white).map(Float.init))
    let identity = (0..<289).map { $0 % 18 == 0 ? 1.0 : 0 }
    #expect(largestError(product(inverse, x).map(Float.init), identity) < 1e-4)
  }

  @Test func `small eigenvalues are dropped`() throws {
    let x = Tensor(shape: [3, 3], [4, 0, 0, 0, 1e-6, 0, 0, 0, 9] as [Float])
    let white = try ops.evaluate(MatrixPower.op, ["x": x], ["exponent": -0.5, "threshold": 1e-5])[0]
    #expect(largestError(white.elements(Float.self), [0.5, 0, 0, 0, 0, 0, 0, 0, 1.0 / 3]) < 1e-7)
  }

  @Test(arguments: [0.5, -0.5, 2]) func `gradients agree with differences`(_ exponent: Double) throws {
    let attributes: [String: Literal] = ["exponent": .float(exponent)]
    #expect(try ops.gradientError(MatrixPower.op, ["x": covariance(5)], attributes, step: 2e-3) < 5e-3)
    // Equal eigenvalues take the limit of the divided differences.
    let equal = Tensor(shape: [2, 2], [2, 0, 0, 2] as [Float])
    #expect(try ops.gradientError(MatrixPower.op, ["x": equal], attributes) < 5e-3)
  }

  @Test func shapes() throws {
    #expect(try ops.infer(MatrixPower.op, ["x": "tensor<f32>[C,C]"]) == ["tensor<f32>[C,C]"])
    #expect(ops.refusal(MatrixPower.op, ["x": "tensor<f32>[2,3]"]) == "x is [2,3]; a square matrix is needed")
    #expect(ops.refusal(MatrixPower.op, ["x": "tensor<f32>[3]"]) == "x has 1 dimensions; a matrix has 2")
  }
}
