import Language
import Tensors
import Testing

@Suite struct SqueezeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Squeeze", "Unsqueeze", "Flatten") }

  @Test func refusesAWideAxis() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Squeeze", [Tensor(shape: [2, 1], [Float(1), 2]), Tensor(shape: [1], [Int64(0)])])
    }
    #expect(fault?.message == "axis 0 of [2, 1] is not of extent 1")
  }

  @Test func takesAxesAsAttributeInOldVersions() throws {
    let x = Tensor(shape: [1, 2, 1], [Float(1), 2])
    #expect(try OnnxRun.result("Squeeze", [x], ["axes": .array([.int(-1)]), "opset": .int(11)]).shape == [1, 2])
    #expect(
      try OnnxRun.result("Unsqueeze", [x], ["axes": .array([.int(0)]), "opset": .int(11)]).shape == [1, 1, 2, 1])
  }
}
