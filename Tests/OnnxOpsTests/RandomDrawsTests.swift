import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct RandomDrawsTests {
  @Test func shapesAndTypesAreAsAsked() throws {
    let normal = try OnnxRun.result(
      "RandomNormal", [], ["shape": .array([.int(3), .int(4)]), "dtype": .int(11), "mean": .float(5)])
    #expect(normal.shape == [3, 4] && normal.dtype == .f64)
    let like = try OnnxRun.result("RandomUniformLike", [normal], ["low": .float(2), "high": .float(3)])
    #expect(like.dtype == .f64 && like.doubles().allSatisfy { $0 >= 2 && $0 < 3 })
    let chances = Tensor(shape: [4], [Float(0), 1, 0, 1])
    #expect(try OnnxRun.result("Bernoulli", [chances], ["dtype": .int(7)]).elements(Int64.self) == [0, 1, 0, 1])
    let logits = Tensor(shape: [1, 3], [-Float.infinity, 0, -.infinity])
    #expect(try OnnxRun.result("Multinomial", [logits], ["sample_size": .int(4)]).elements(Int32.self) == [1, 1, 1, 1])
  }

  @Test func aSeedFixesTheNumbers() throws {
    let settings: [String: Literal] = ["shape": .array([.int(2)]), "seed": .float(0), "dtype": .int(11)]
    #expect(try OnnxRun.result("RandomUniform", [], settings).doubles() == [0.5488135039273248, 0.7151893663724195])
  }
}
