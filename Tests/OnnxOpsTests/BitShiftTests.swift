import Language
import Tensors
import Testing

@Suite struct BitShiftTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("BitShift") }

  @Test func shiftsPastTheEndLeaveTheSign() throws {
    let x = Tensor(shape: [3], [Int8(-5), 5, -128])
    let y = Tensor(shape: [3], [Int8(-1), 9, 3])
    let right = try OnnxRun.result("BitShift", [x, y], ["direction": .string("RIGHT")])
    #expect(right.elements(Int8.self) == [-1, 0, -16])
    #expect(try OnnxRun.result("BitShift", [x, y], ["direction": .string("LEFT")]).elements(Int8.self) == [0, 0, 0])
  }
}
