import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct MatrixRootTests {
  let ops = OpHarness([MatrixRoot.op, MatrixRoot.gradient])

  @Test(arguments: [1, 3, 24]) func `the root squared is the matrix`(_ n: Int) throws {
    let x = covariance(n, seed: 3)
    let root = try ops.evaluate(MatrixRoot.op, ["x": x], ["iterations": 16])[0]
    #expect(largestError(x.elements(Float.self), product(root, root)) < 2e-5)
    #expect(try ops.evaluate(MatrixRoot.op, ["x": .zeros(.f32, shape: [n, n])])[0] == .zeros(.f32, shape: [n, n]))
  }

  @Test func `gradients agree with differences`() throws {
    #expect(
      try ops.gradientError(MatrixRoot.op, ["x": covariance(6, seed: 4)], ["iterations": 16], step: 2e-3) < 5e-3)
  }
}
