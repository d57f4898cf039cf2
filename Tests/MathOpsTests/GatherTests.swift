import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct GatherTests {
  @Test(arguments: [0, 1, 2]) func valuesMatchTheNaiveWalk(_ axis: Int) throws {
    let x = random([3, 4, 5])
    let indices = [2, 0, -1, 2]
    for tensor in [
      Tensor(shape: [2, 2], indices.map { Int64($0) }), Tensor(shape: [2, 2], indices.map { Float($0) }),
    ] {
      let y = try harness.evaluate(Gather.op, ["x": x, "indices": tensor], ["axis": .int(axis)])[0]
      var shape = x.shape
      shape.replaceSubrange(axis...axis, with: [2, 2])
      #expect(y.shape == shape)
      #expect(
        y.elements(Float.self)
          == moved(x, to: shape) { index in
            let place = indices[index[axis] * 2 + index[axis + 1]]
            return index[..<axis] + [place < 0 ? place + x.shape[axis] : place] + index[(axis + 2)...]
          })
    }
  }

  @Test(arguments: [0, 1]) func gradientMatchesDifferences(_ axis: Int) throws {
    let indices = Tensor(shape: [3], [Int32]([1, 1, 0]))
    let error = try harness.gradientError(
      Gather.op, ["x": random([3, 4]), "indices": indices], ["axis": .int(axis)], wrt: ["x"])
    #expect(error < 1e-3)
  }

  @Test func shapes() throws {
    #expect(
      try harness.infer(Gather.op, ["x": "tensor<f32>[N,D]", "indices": "tensor<i64>[K]"]) == ["tensor<f32>[K,D]"])
    #expect(
      harness.refusal(Gather.op, ["x": "tensor<f32>[N,D]", "indices": "tensor<u8>[K]"])
        == "indices holds u8 where i32, i64 or f32 is needed")
  }
}
