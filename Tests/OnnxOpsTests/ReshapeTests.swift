import Language
import Tensors
import Testing

@Suite struct ReshapeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Reshape") }

  @Test func refusesAnotherCount() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Reshape", [Tensor(shape: [3], [Float(1), 2, 3]), Tensor(shape: [2], [Int64(2), -1])])
    }
    #expect(fault?.message == "[3] cannot be seen as [2, -1]")
  }

  @Test func refusesImpossibleSizes() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Reshape", [Tensor(shape: [3], [Float(1), 2, 3]), Tensor(shape: [2], [Int64.max, Int64.max])])
    }
    #expect(fault?.message == "a tensor [9223372036854775807, 9223372036854775807] would take more than 8 GiB")
  }
}
