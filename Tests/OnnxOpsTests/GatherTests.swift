import Language
import Tensors
import Testing

@Suite struct GatherTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Gather") }

  @Test func namesAnIndexOutside() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Gather", [Tensor(shape: [2], [Float(1), 2]), Tensor(shape: [1], [Int64(2)])])
    }
    #expect(fault?.message == "index 2 is outside an axis of 2")
  }
}
