import Tensors
import Testing

@Suite struct PowerTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Pow") }

  @Test func integersAreRaisedExactly() throws {
    let x = Tensor(shape: [4], [Int64(3), -1, 2, 0])
    let y = Tensor(shape: [4], [Int64(39), -3, -1, 0])
    #expect(try OnnxRun.result("Pow", [x, y]).elements(Int64.self) == [4_052_555_153_018_976_267, -1, 0, 1])
  }
}
