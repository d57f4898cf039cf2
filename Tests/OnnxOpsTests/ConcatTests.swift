import Language
import Tensors
import Testing

@Suite struct ConcatTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Concat") }

  @Test func saysWhichAxisMayDiffer() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run(
        "Concat", [Tensor(shape: [1, 2], [Float(1), 2]), Tensor(shape: [1, 1], [Float(1)])], ["axis": .int(0)])
    }
    #expect(fault?.message == "inputs \"inputs\" [1, 2] and \"inputs\" [1, 1] do not fit: only axis 0 may differ")
  }
}
