import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ConcatTests {
  @Test(arguments: [0, 1, 2]) func valuesMatchTheNaiveWalk(_ axis: Int) throws {
    var shapes = [[3, 40, 50], [3, 40, 50], [3, 40, 50]]
    for (index, extent) in [2, 0, 61].enumerated() { shapes[index][axis] = extent }
    let parts = shapes.enumerated().map { random($1, seed: UInt64($0)) }
    let y = try harness.evaluate(
      Concat.op, ["x": parts[0], "x": parts[1], "x": parts[2]], ["axis": .int(axis - 3)])[0]
    var shape = shapes[0]
    shape[axis] = 63
    let first = moved(parts[0], to: shape, fill: .nan) { $0[axis] < 2 ? $0 : nil }
    let last = moved(parts[2], to: shape, fill: .nan) { index in
      var index = index
      index[axis] -= 2
      return index[axis] >= 0 ? index : nil
    }
    #expect(y.shape == shape)
    #expect(y.elements(Float.self) == zip(first, last).map { $0.isNaN ? $1 : $0 })
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = ["x": random([2, 3]), "x": random([2, 1], seed: 2)]
    #expect(try harness.gradientError(Concat.op, inputs, ["axis": 1]) < 1e-3)
  }

  @Test func shapes() throws {
    #expect(
      try harness.infer(Concat.op, ["x": "tensor<f32>[N,C,4]", "x": "tensor<f32>[2,D,H]"], ["axis": 1])
        == ["tensor<f32>[2,C+D,4]"])
    #expect(
      harness.refusal(Concat.op, ["x": "tensor<f32>[2,3]", "x": "tensor<f32>[2,4]"])
        == "dimension 1 is 3 in x[0] and 4 in x[1]; they must be equal")
    #expect(
      harness.refusal(Concat.op, ["x": "tensor<f32>[2]", "x": "tensor<u8>[2]"])
        == "x[0] holds f32 and x[1] holds u8; they must hold the same element type")
    #expect(
      harness.refusal(Concat.op, ["x": "tensor<f32>[2]", "x": "tensor<f32>[2,1]"])
        == "x[0] has 1 dimensions and x[1] has 2; they must have the same number")
  }
}
