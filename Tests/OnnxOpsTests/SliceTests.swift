import Language
import Tensors
import Testing

@Suite struct SliceTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Slice") }

  @Test func keepsExtremeBoundsWithinTheAxis() throws {
    let x = Tensor(shape: [4], [Int32(0), 1, 2, 3])
    let bounds = [
      Tensor(shape: [1], [Int64.max]), Tensor(shape: [1], [Int64.min]), nil, Tensor(shape: [1], [Int64(-3)]),
    ]
    #expect(try OnnxRun.result("Slice", [x] + bounds).elements(Int32.self) == [3, 0])
  }

  @Test func takesBoundsAsAttributesInOldVersions() throws {
    let x = Tensor(shape: [4], [Int32(0), 1, 2, 3])
    let result = try OnnxRun.result(
      "Slice", [x], ["starts": .array([.int(1)]), "ends": .array([.int(-1)]), "opset": .int(9)])
    #expect(result.elements(Int32.self) == [1, 2])
  }
}
