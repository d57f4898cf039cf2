import Tensors
import Testing

@testable import Models

@Suite struct WeightLayoutTests {
  /// The naive rule: ours[o, i, h, w] = theirs[h, w, i, o].
  @Test(arguments: [DType.u8, .f16, .f32, .f64])
  func kernelsBecomeOIHW(dtype: DType) {
    let shape = [3, 2, 5, 4]
    let stored = Tensor(shape: shape, (0..<120).map { Float($0) }).converted(to: dtype)
    let ours = WeightLayout.hwio.applied(to: stored)
    #expect(ours.shape == [4, 5, 3, 2] && ours.shape == WeightLayout.hwio.shape(shape) && ours.dtype == dtype)
    let values = ours.converted(to: .f32).elements(Float.self)
    for o in 0..<4 {
      for i in 0..<5 {
        for h in 0..<3 {
          for w in 0..<2 {
            #expect(values[((o * 5 + i) * 3 + h) * 2 + w] == Float(((h * 2 + w) * 5 + i) * 4 + o))
          }
        }
      }
    }
  }

  @Test func matricesAreTransposedAndTheRestStays() {
    let matrix = Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float])
    #expect(WeightLayout.hwio.applied(to: matrix) == Tensor(shape: [3, 2], [1, 4, 2, 5, 3, 6] as [Float]))
    #expect(WeightLayout.oihw.applied(to: matrix) == matrix)
    let vector = Tensor(shape: [2], [1, 2] as [Float])
    #expect(WeightLayout.hwio.applied(to: vector) == vector)
    let empty = Tensor.zeros(.f32, shape: [0, 3])
    #expect(WeightLayout.hwio.applied(to: empty).shape == [3, 0])
  }
}
