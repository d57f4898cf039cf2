import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct NetworkParameterTests {
  let harness = OpHarness([NetworkParameter.op])

  @Test func `the parameter comes out as it is, and its gradient comes back`() throws {
    let weight = Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float])
    #expect(try harness.evaluate(NetworkParameter.op, ["weight": weight], ["shape": [2, 3]]) == [weight])
    #expect(try harness.gradientError(NetworkParameter.op, ["weight": weight], ["shape": [2, 3]]) < 1e-3)
    #expect(try harness.parameters(NetworkParameter.op, [:], ["shape": [10, 4]]) == ["tensor<f32>[10,4]"])
  }
}
