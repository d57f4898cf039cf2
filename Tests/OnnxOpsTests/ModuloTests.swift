import Language
import Tensors
import Testing

@Suite struct ModuloTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Mod") }

  @Test func signsFollowTheDefinition() throws {
    let x = Tensor(shape: [4], [Double(-7), 7, -0.0, 5])
    let y = Tensor(shape: [4], [Double(3), -3, 2, -.infinity])
    #expect(try OnnxRun.result("Mod", [x, y]).elements(Double.self) == [2, -2, 0, -.infinity])
    #expect(try OnnxRun.result("Mod", [x, y], ["fmod": .int(1)]).elements(Double.self) == [-1, 1, 0, 5])
  }
}
