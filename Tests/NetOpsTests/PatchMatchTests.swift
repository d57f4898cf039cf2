import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct PatchMatchTests {
  let ops = OpHarness([PatchMatch.op, Unfold.op])

  @Test func `the nearest row is the one of largest correlation`() throws {
    var random = TestRandom(seed: 5)
    // More patches than a tile, more rows than a tile.
    let (x, rows) = (random.floats(3 * 12 * 11), random.floats(300 * 27))
    let index = try ops.evaluate(
      PatchMatch.op, ["x": Tensor(shape: [1, 3, 12, 11], x), "bank": Tensor(shape: [300, 27], rows)])[0]
    let patches = try ops.evaluate(Unfold.op, ["x": Tensor(shape: [1, 3, 12, 11], x)])[0].elements(Float.self)
    #expect(index.shape == [10, 9])
    for (place, found) in index.elements(Float.self).enumerated() {
      func score(_ row: Int) -> Double {
        var (sum, norm) = (0.0, 0.0)
        for i in 0..<27 {
          sum += Double(patches[place * 27 + i]) * Double(rows[row * 27 + i])
          norm += Double(rows[row * 27 + i]) * Double(rows[row * 27 + i])
        }
        return sum / norm.squareRoot()
      }
      let best = (0..<300).max { score($0) < score($1) }!
      #expect(Int(found) == best)
    }
  }

  @Test func `a picture finds itself, and labels keep patches apart`() throws {
    var random = TestRandom(seed: 6)
    let x = Tensor(shape: [1, 2, 4, 4], random.floats(32, in: 0.1...1))
    let bank = try ops.evaluate(Unfold.op, ["x": x], ["kernel": 1])[0]
    let own = try ops.evaluate(PatchMatch.op, ["x": x, "bank": bank], ["kernel": 1])[0].elements(Float.self)
    let labels = Tensor(shape: [1, 1, 4, 4], (0..<16).map { Float($0 % 2) })
    let rows = Tensor(shape: [16], (0..<16).map { Float($0 % 2) })
    let kept = try ops.evaluate(
      PatchMatch.op, ["x": x, "bank": bank, "labels": labels, "bank_labels": rows], ["kernel": 1])[0]
    #expect(kept.elements(Float.self).enumerated().allSatisfy { $0 % 2 == Int($1) % 2 })
    let nowhere = Tensor(shape: [16], Array(repeating: Float(7), count: 16))
    let free = try ops.evaluate(
      PatchMatch.op, ["x": x, "bank": bank, "labels": labels, "bank_labels": nowhere], ["kernel": 1])[0]
    #expect(free.elements(Float.self) == own)
  }

  /// More patches than a tile, of which every third is not searched for: the others find what they find alone.
  @Test func `patches of a label below 0 are left out`() throws {
    var random = TestRandom(seed: 8)
    let x = Tensor(shape: [1, 2, 11, 13], random.floats(2 * 11 * 13))
    let bank = Tensor(shape: [40, 18], random.floats(40 * 18))
    let rows = Tensor(shape: [40], (0..<40).map { Float($0 % 2) })
    func index(_ label: (Int) -> Float) throws -> [Float] {
      let labels = Tensor(shape: [1, 1, 11, 13], (0..<11 * 13).map(label))
      return try ops.evaluate(
        PatchMatch.op, ["x": x, "bank": bank, "labels": labels, "bank_labels": rows])[0].elements(Float.self)
    }
    let all = try index { _ in 1 }
    let some = try index { $0 % 3 == 0 ? -1 : 1 }
    #expect(all.count == 99 && all.allSatisfy { Int($0) % 2 == 1 })
    for (place, found) in some.enumerated() {
      let middle = (place / 11 + 1) * 13 + place % 11 + 1
      #expect(found == (middle % 3 == 0 ? 0 : all[place]))
    }
  }

  @Test func refusals() {
    #expect(
      ops.refusal(PatchMatch.op, ["x": "tensor<f32>[1,4,8,8]", "bank": "tensor<f32>[9,35]"])
        == "bank: dimension 1 is 35 where 36 is needed (a patch has 4 channels of 3×3)")
    #expect(
      ops.refusal(PatchMatch.op, ["x": "tensor<f32>[1,4,8,8]", "bank": "tensor<f32>[0,36]"])
        == "bank has no rows: there is nothing to match")
    #expect(
      ops.refusal(
        PatchMatch.op,
        ["x": "tensor<f32>[1,4,8,8]", "bank": "tensor<f32>[9,36]", "labels": "tensor<f32>[1,1,8,8]"])
        == "\"labels\" and \"bank_labels\" are needed together, or neither")
  }
}
