import Language
import Tensors
import Testing

@Suite struct SplitTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Split") }

  @Test func namesSizesThatDoNotFit() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run(
        "Split", [Tensor(shape: [3], [Float(1), 2, 3])], ["split": .array([.int(1), .int(1)]), "opset": .int(11)])
    }
    #expect(fault?.message == "an axis of 3 cannot be split into [1, 1]")
  }
}
