import Tensors
import Testing

@testable import OnnxOps

@Suite struct ArithmeticTests {
  @Test(arguments: DType.allCases) func wideningLosesNothing(dtype: DType) {
    let x = Tensor(shape: [3], [Double(0), 1, 1]).converted(to: dtype)
    #expect(x.widened().dtype == dtype.arithmetic.dtype)
    #expect(x.widened().narrowed(to: dtype) == x)
  }

  @Test func integersKeepTheirLowBits() {
    let x = Tensor(shape: [2], [Int64(-1), 1 << 40 + 3])
    #expect(x.narrowed(to: .u16).elements(UInt16.self) == [65535, 3])
    #expect(x.narrowed(to: .f32).elements(Float.self) == [-1, 1_099_511_627_776])
    #expect(x.narrowed(to: .bool).doubles() == [1, 1])
  }

  @Test func sixteenBitRoundingIsToEven() {
    #expect(DType.bf16.rounded(1.00390625) == 1)
    #expect(DType.bf16.rounded(1.01171875) == 1.015625)
    #expect(DType.f16.rounded(65520) == .infinity)
    #expect(DType.f32.rounded(0.1) == 0.1)
  }
}
