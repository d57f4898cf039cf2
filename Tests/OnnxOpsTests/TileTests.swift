import Language
import Tensors
import Testing

@Suite struct TileTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Tile", "Expand") }

  @Test func refusesImpossibleSizes() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Expand", [Tensor(shape: [1], [Float(1)]), Tensor(shape: [2], [Int64(1) << 40, 1])])
    }
    #expect(fault?.message == "a tensor [1099511627776, 1] would take more than 8 GiB")
  }
}
