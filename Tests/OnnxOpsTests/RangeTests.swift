import Language
import Tensors
import Testing

@Suite struct RangeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Range") }

  @Test func refusesAStepOfNothing() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run(
        "Range", [Tensor(shape: [], [Int64(0)]), Tensor(shape: [], [Int64(1)]), Tensor(shape: [], [Int64(0)])])
    }
    #expect(fault?.message == "attribute \"delta\": the step is 0")
  }
}
