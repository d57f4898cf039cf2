import Language
import Tensors
import Testing

@Suite struct ReductionTests {
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay(
      "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceMean", "ReduceL1", "ReduceL2", "ReduceSumSquare",
      "ReduceLogSum", "ReduceLogSumExp")
  }

  @Test func sixteenBitSumsAreRoundedOnce() throws {
    let x = Tensor(shape: [4096], Array(repeating: Float16(1), count: 4096))
    #expect(try OnnxRun.result("ReduceSum", [x]).elements(Float16.self) == [4096])
  }

  @Test func takesAxesAsAttributeInOldVersions() throws {
    let x = Tensor(shape: [2, 2], [Int32(1), 2, 3, 4])
    let result = try OnnxRun.result(
      "ReduceMax", [x], ["axes": .array([.int(-1)]), "keepdims": .int(0), "opset": .int(11)])
    #expect(result.elements(Int32.self) == [2, 4])
  }
}
