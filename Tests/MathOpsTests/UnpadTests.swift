import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct UnpadTests {
  /// Every element times what padding shows of it: the padding of ones, added back.
  @Test(arguments: [
    (PadMode.reflect, [1, 2, 3, 1]), (.replicate, [3, 1, 1, 2]), (.wrap, [2, 1, 2, 2]),
  ])
  func whatWasRepeatedIsAddedUp(_ mode: PadMode, _ counts: [Int]) throws {
    let ones = Tensor(shape: [2, 7, 3], [Float](repeating: 1, count: 42))
    let y = try harness.evaluate(
      Unpad.op, ["x": ones], ["axis": 1, "before": 2, "after": 1, "mode": .string(mode.rawValue)])[0]
    #expect(y.elements(Float.self) == (0..<24).map { Float(counts[$0 / 3 % 4]) })
  }
}
