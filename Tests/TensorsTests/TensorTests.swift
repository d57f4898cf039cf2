import Tensors
import Testing

@Suite struct TensorTests {
  @Test func equalContentHasEqualDigestWhereverItLies() {
    let whole = Tensor(shape: [4], [9, 1, 2, 3] as [Float])
    let part = Tensor(dtype: .f32, shape: [3], buffer: whole.buffer, offset: 4)
    #expect(part == Tensor(shape: [3], [1, 2, 3] as [Float]))
    #expect(part.digest == Tensor(shape: [3], [1, 2, 3] as [Float]).digest)
  }

  @Test func shapeAndDTypeArePartOfTheDigest() {
    let flat = Tensor(shape: [4], [0, 0, 0, 0] as [Float])
    #expect(flat.digest != flat.reshaped([2, 2]).digest)
    #expect(flat.digest != Tensor(shape: [4], [0, 0, 0, 0] as [Int32]).digest)
  }

  @Test func emptyTensorsWork() {
    let none = Tensor.zeros(.f32, shape: [2, 0, 3])
    #expect(none.count == 0 && none.bytes.isEmpty && none.elements(Float.self).isEmpty)
  }
}
