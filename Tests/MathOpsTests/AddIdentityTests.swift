import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct AddIdentityTests {
  @Test func `the diagonal grows and slopes pass`() throws {
    let ops = OpHarness([AddIdentity.op])
    let x = Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float])
    #expect(
      try ops.evaluate(AddIdentity.op, ["x": x], ["scale": 0.5])[0]
        == Tensor(shape: [2, 2], [1.5, 2, 3, 4.5] as [Float]))
    #expect(try ops.gradientError(AddIdentity.op, ["x": x]) < 1e-3)
    #expect(ops.refusal(AddIdentity.op, ["x": "tensor<f32>[2,3]"]) == "x is [2,3]; a square matrix is needed")
  }
}
