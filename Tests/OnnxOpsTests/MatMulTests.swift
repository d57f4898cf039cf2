import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct MatMulTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("MatMul") }

  @Test func namesInnerExtentsThatDiffer() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("MatMul", [.zeros(.i8, shape: [2, 3]), .zeros(.i8, shape: [2, 3])])
    }
    #expect(fault?.message == "inputs \"A\" and \"B\" do not fit: the inner extents are 3 and 2")
  }

  @Test(arguments: [DType.i32, .u8, .f64, .f16]) func computesInEveryArithmetic(dtype: DType) throws {
    let a = Tensor(shape: [2, 1, 2], [Float(1), 2, 3, 4]).converted(to: dtype)
    let b = Tensor(shape: [2], [Float(5), 6]).converted(to: dtype)
    let product = try OnnxRun.result("MatMul", [a, b])
    #expect(product.shape == [2, 1] && product.dtype == dtype && product.doubles() == [17, 39])
  }
}
