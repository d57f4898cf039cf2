import Language
import Tensors
import Testing

@Suite struct ResizeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Resize", "Upsample") }

  @Test func versionTenIsAsymmetric() throws {
    let x = Tensor(shape: [1, 1, 1, 2], [Float(1), 3])
    let scales = Tensor(shape: [4], [Float(1), 1, 1, 2])
    let linear = try OnnxRun.result("Resize", [x, nil, scales], ["mode": .string("linear"), "opset": .int(11)])
    #expect(linear.elements(Float.self) == [1, 1.5, 2.5, 3])
    let upsample = try OnnxRun.result("Upsample", [x, scales], ["mode": .string("linear"), "opset": .int(9)])
    #expect(upsample.elements(Float.self) == [1, 2, 3, 3])
  }
}
