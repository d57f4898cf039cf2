import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct FusedProductsTests {
  @Test func turnsAndScalesMatrices() throws {
    let a = Tensor(shape: [2, 1, 2], [Float(1), 2, 3, 4])
    let b = Tensor(shape: [2, 1, 1], [Float(1), 10])
    let settings: [String: Literal] = ["transBatchA": .int(1), "transA": .int(1), "alpha": .float(2)]
    // A as one [2, 2] matrix, turned: [[1, 3], [2, 4]].
    let product = try OnnxRun.result("ms.FusedMatMul", [a, b.reshaped([1, 2, 1])], settings)
    #expect(product.elements(Float.self) == [62, 84])
    let gemm = try OnnxRun.result(
      "ms.FusedGemm", [a.reshaped([2, 2]), a.reshaped([2, 2])], ["alpha": .float(-1), "activation": .string("Relu")])
    #expect(gemm.elements(Float.self) == [0, 0, 0, 0])
  }
}
