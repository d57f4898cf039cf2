import Language
import Tensors
import Testing

@Suite struct ClipTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Clip") }

  @Test func takesBoundsAsAttributesInOldVersions() throws {
    let x = Tensor(shape: [3], [Float(-1), .nan, 9])
    let result = try OnnxRun.result("Clip", [x], ["min": .float(0), "max": .float(6), "opset": .int(6)])
    #expect(
      result.elements(Float.self)[0] == 0 && result.elements(Float.self)[1].isNaN && result.elements(Float.self)[2] == 6
    )
  }
}
