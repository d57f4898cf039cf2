import Language
import Tensors
import Testing

@Suite struct GlobalPoolTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("GlobalAveragePool", "GlobalMaxPool") }

  @Test func normsOfChannels() throws {
    let x = Tensor(shape: [1, 2, 2], [Float(3), 4, -6, 8])
    #expect(try OnnxRun.result("GlobalLpPool", [x]).elements(Float.self) == [5, 10])
    #expect(try OnnxRun.result("GlobalLpPool", [x], ["p": .int(1)]).elements(Float.self) == [7, 14])
  }
}
