import Language
import Tensors
import Testing

@Suite struct PadTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Pad") }

  @Test func mirrorsFurtherThanTheTensor() throws {
    let x = Tensor(shape: [3], [Float(1), 2, 3])
    let result = try OnnxRun.result("Pad", [x, Tensor(shape: [2], [Int64(5), 0])], ["mode": .string("reflect")])
    #expect(result.elements(Float.self) == [2, 1, 2, 3, 2, 1, 2, 3])
  }

  @Test func refusesImpossibleSizes() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Pad", [Tensor(shape: [1], [Float(1)]), Tensor(shape: [2], [Int64.max, 1])])
    }
    #expect(fault?.message == "[-9223372036854775807] has a negative extent")
  }
}
