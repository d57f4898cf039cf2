import Tensors
import Testing

@testable import Optimizers

@Suite struct SharedSlabTests {
  @Test func `what was handed out stays as it was`() {
    var slab = SharedSlab<Float>(count: 3)
    #expect(slab.tensor.elements(Float.self) == [0, 0, 0])
    slab.withMutable { $0.start[1] = 5 }
    let before = slab.tensor
    slab.withMutable { $0.start[2] = 7 }
    #expect(before.elements(Float.self) == [0, 5, 0] && slab.tensor.elements(Float.self) == [0, 5, 7])
  }

  @Test func `reading changes nothing and takes no copy`() {
    let fresh = SharedSlab<Float>(count: 2)
    #expect(fresh.withSlab { [$0.start[0], $0.start[1], Float($0.count)] } == [0, 0, 2])
    let slab = SharedSlab<Float>(Tensor(shape: [2], [1, 2] as [Float]))
    let held = slab.tensor
    #expect(slab.withSlab { UnsafeMutableRawPointer($0.start) } == held.buffer.bytes)
  }

  @Test func `what nobody else holds is written in place`() {
    var slab = SharedSlab<Double>(Tensor(shape: [2], [1.0, 2.0]))
    let place = slab.tensor.buffer.bytes
    slab.withMutable { $0.start[0] = 9 }
    #expect(slab.tensor.buffer.bytes == place && slab.tensor.elements(Double.self) == [9, 2])
  }

  @Test func `a part of a larger buffer is taken over by itself`() {
    let whole = Tensor(shape: [4], [1, 2, 3, 4] as [Float])
    var slab = SharedSlab<Float>(Tensor(dtype: .f32, shape: [2], buffer: whole.buffer, offset: 8))
    slab.withMutable { $0.start[0] += 10 }
    #expect(slab.tensor.elements(Float.self) == [13, 4] && whole.elements(Float.self) == [1, 2, 3, 4])
  }
}
