import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct RegionWeightsTests {
  let ops = OpHarness([RegionWeights.op])

  private func weights(_ mask: [Float], _ attributes: [String: Literal] = [:]) throws -> [Float] {
    try ops.evaluate(
      RegionWeights.op, ["mask": Tensor(shape: [1, 1, 4, 4], mask), "like": .zeros(.f32, shape: [1, 7, 2, 2])],
      attributes)[0].elements(Float.self)
  }

  @Test func `a mask of ones changes nothing, one quarter counts four times`() throws {
    #expect(try weights(Array(repeating: 1, count: 16)) == [1, 1, 1, 1])
    let quarter = (0..<16).map { Float($0 / 4 < 2 && $0 % 4 < 2 ? 1 : 0) }
    #expect(try weights(quarter) == [2, 0, 0, 0])
    #expect(try weights(quarter, ["scale": "squares"]) == [1, 0, 0, 0])
    #expect(try weights(Array(repeating: 0, count: 16)) == [0, 0, 0, 0])
  }

  @Test func `inner leaves out cells that are partly outside`() throws {
    let ragged = (0..<16).map { Float($0 % 4 < 3 ? 1 : 0) }
    #expect(try weights(ragged, ["scale": "none"]) == [1, 0.5, 1, 0.5])
    #expect(try weights(ragged, ["scale": "none", "inner": true]) == [1, 0, 1, 0])
    #expect(try weights(ragged, ["scale": "sum"]) == [1, 0.5, 1, 0.5].map { $0 / 3 })
  }

  @Test func refusals() {
    #expect(
      ops.refusal(RegionWeights.op, ["mask": "tensor<f32>[1,3,8,8]", "like": "tensor<f32>[1,4,2,2]"])
        == "mask: dimension 1 is 3 where 1 is needed (one mask)")
  }
}
