import Language
import Tensors
import Testing

@Suite struct DropoutTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Dropout") }

  @Test func oldVersionsPassTheInputOn() throws {
    let x = Tensor(shape: [2], [Float(1), 2])
    let results = try OnnxRun.run("Dropout", [x], ["ratio": .float(0.75), "opset": .int(7)])
    #expect(results[0] == x && results[1]?.dtype == .bool)
  }
}
