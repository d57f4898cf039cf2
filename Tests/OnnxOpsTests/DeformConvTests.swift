import Language
import Tensors
import Testing

@Suite struct DeformConvTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("DeformConv") }

  @Test func refusesOtherRanks() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run(
        "DeformConv", [.zeros(.f32, shape: [1, 1, 3]), .zeros(.f32, shape: [1, 1, 1]), .zeros(.f32, shape: [1])])
    }
    #expect(fault?.message == "DeformConv over other than two axes is not supported")
  }
}
