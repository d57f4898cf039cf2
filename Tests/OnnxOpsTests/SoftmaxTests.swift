import Language
import Tensors
import Testing

@Suite struct SoftmaxTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Softmax", "LogSoftmax", "Hardmax") }

  @Test func oldVersionsTakeAllAxesTogether() throws {
    let x = Tensor(shape: [1, 2, 2], [Float(0), 0, 0, 0])
    #expect(try OnnxRun.result("Softmax", [x], ["opset": .int(11)]).elements(Float.self) == [0.25, 0.25, 0.25, 0.25])
    #expect(try OnnxRun.result("Softmax", [x]).elements(Float.self) == [0.5, 0.5, 0.5, 0.5])
  }
}
