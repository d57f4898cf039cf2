import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct ChannelSumTests {
  let harness = OpHarness([ChannelSum.op])

  @Test func `values are sums over all other axes`() throws {
    let x = Tensor(shape: [2, 3, 2], (1...12).map { Float($0) })
    #expect(
      try harness.evaluate(ChannelSum.op, ["x": x], ["axis": 1]) == [Tensor(shape: [3], [18, 26, 34] as [Float])])
    #expect(try harness.evaluate(ChannelSum.op, ["x": x], ["axis": -1]) == [Tensor(shape: [2], [36, 42] as [Float])])
  }

  @Test func `the sum is taken in Double`() throws {
    let x = Tensor(shape: [1, 3], [1e8, 1, -1e8] as [Float]).reshaped([3, 1])
    #expect(try harness.evaluate(ChannelSum.op, ["x": x], ["axis": 1]) == [Tensor(shape: [1], [1] as [Float])])
  }
}
