import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct PatchAssembleTests {
  let ops = OpHarness([PatchAssemble.op, PatchMatch.op, Unfold.op])

  @Test func `a picture's own patches put it together again`() throws {
    var random = TestRandom(seed: 8)
    let x = Tensor(shape: [1, 2, 5, 6], random.floats(60))
    let bank = try ops.evaluate(Unfold.op, ["x": x])[0]
    let index = Tensor(shape: [3, 4], (0..<12).map(Float.init))
    let y = try ops.evaluate(PatchAssemble.op, ["x": x, "bank": bank, "index": index])[0]
    #expect(largestError(y.elements(Float.self), x.elements(Float.self).map(Double.init)) < 1e-6)
  }

  @Test func `overlaps are averaged and what no patch covers stays`() throws {
    let x = Tensor(shape: [1, 1, 1, 4], [9, 9, 9, 9] as [Float])
    let bank = Tensor(shape: [2, 1], [1, 3] as [Float])
    let y = try ops.evaluate(
      PatchAssemble.op, ["x": x, "bank": bank, "index": Tensor(shape: [1, 2], [0, 1] as [Float])],
      ["kernel": 1, "stride": 2])[0]
    #expect(y.elements(Float.self) == [1, 9, 3, 9])
    let tall = Tensor(shape: [1, 1, 2, 3], [0, 0, 0, 0, 0, 0] as [Float])
    let pair = Tensor(shape: [2, 4], [1, 1, 1, 1, 3, 3, 3, 3] as [Float])
    let mean = try ops.evaluate(
      PatchAssemble.op, ["x": tall, "bank": pair, "index": Tensor(shape: [1, 2], [0, 1] as [Float])], ["kernel": 2])[0]
    #expect(mean.elements(Float.self) == [1, 2, 3, 1, 2, 3])
  }

  @Test func refusals() {
    #expect(
      ops.refusal(
        PatchAssemble.op,
        ["x": "tensor<f32>[1,4,8,8]", "bank": "tensor<f32>[9,36]", "index": "tensor<f32>[5,6]"])
        == "index: dimension 0 is 5 where 6 is needed (rows of patches in x)")
  }
}
