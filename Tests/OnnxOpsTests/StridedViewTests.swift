import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct StridedViewTests {
  @Test(arguments: [DType.u8, .f16, .i32, .f64]) func movesElementsOfEverySize(dtype: DType) throws {
    let x = Tensor(shape: [2, 3], [Double(1), 2, 3, 4, 5, 6]).converted(to: dtype)
    #expect(try x.transposed([1, 0]).doubles() == [1, 4, 2, 5, 3, 6])
    #expect(try x.expanded(to: [1, 2, 3]).shape == [1, 2, 3])
    let gathered = try AxisGather(x, [[1, -1], [2, 0]], fill: Tensor(shape: [], [Double(9)]).converted(to: dtype))
      .dense()
    #expect(gathered.doubles() == [6, 4, 9, 9])
    let fault = #expect(throws: Fault.self) { try x.expanded(to: [2, 4]) }
    #expect(fault?.message == "[2, 3] cannot be broadcast to [2, 4]")
  }
}
