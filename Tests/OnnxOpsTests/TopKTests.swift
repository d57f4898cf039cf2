import Language
import Tensors
import Testing

@Suite struct TopKTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("TopK") }

  @Test func namesKThatIsTooLarge() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("TopK", [Tensor(shape: [2], [Float(1), 2]), Tensor(shape: [1], [Int64(3)])])
    }
    #expect(fault?.message == "index 3 is outside an axis of 2")
  }
}
