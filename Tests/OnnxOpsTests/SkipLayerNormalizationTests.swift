import Tensors
import Testing

@testable import OnnxOps

@Suite struct SkipLayerNormalizationTests {
  @Test func normalisesTheSum() throws {
    let x = Tensor(shape: [1, 2], [Float(1), 2])
    let skip = Tensor(shape: [1, 2], [Float(0), 1])
    let ones = Tensor(shape: [2], [Float(1), 1])
    let results = try OnnxRun.run("ms.SkipLayerNormalization", [x, skip, ones])
    #expect(results[0]?.elements(Float.self) == [-1, 1])
    #expect(results[3]?.elements(Float.self) == [1, 3])
    let simple = try OnnxRun.run("ms.SkipSimplifiedLayerNormalization", [x, skip, ones])
    #expect(abs(try #require(simple[0]).elements(Float.self)[0] - 1 / Float(5).squareRoot()) < 1e-6)
    #expect(try OnnxRun.result("ms.LayerNormalization", [x, ones]).elements(Float.self)[1] > 0.999)
    #expect(try OnnxRun.result("ms.SimplifiedLayerNormalization", [x, ones]).elements(Float.self)[1] > 1.26)
  }
}
