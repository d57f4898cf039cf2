import Tensors
import Testing

@Suite struct ManyOperandsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Max", "Min", "Sum", "Mean") }

  @Test func nanComesThroughExtrema() throws {
    let (a, b) = (Tensor(shape: [2], [Float.nan, 1]), Tensor(shape: [2], [Float(1), .nan]))
    #expect(try OnnxRun.result("Max", [a, b]).elements(Float.self).allSatisfy(\.isNaN))
    #expect(try OnnxRun.result("Min", [a, b]).elements(Float.self).allSatisfy(\.isNaN))
  }
}
