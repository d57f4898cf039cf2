import Language
import Tensors
import Testing

@Suite struct LikelihoodLossTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss") }

  @Test func namesAClassThatIsNone() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("NegativeLogLikelihoodLoss", [.zeros(.f32, shape: [1, 3]), Tensor(shape: [1], [Int64(3)])])
    }
    #expect(fault?.message == "index 3 is outside an axis of 3")
  }
}
