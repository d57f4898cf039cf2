import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct BatchNormTests {
  let harness = OpHarness([BatchNorm.op, BatchNormInputGradient.op, BatchNormParameterGradient.op])

  func inputs(_ shape: [Int]) -> KeyValuePairs<String, Tensor> {
    var random = TestRandom(seed: 71)
    let vector = [shape[1]]
    return [
      "x": Tensor(shape: shape, random.floats(shape.reduce(1, *))),
      "scale": Tensor(shape: vector, random.floats(shape[1])), "shift": Tensor(shape: vector, random.floats(shape[1])),
      "mean": Tensor(shape: vector, random.floats(shape[1])),
      "variance": Tensor(shape: vector, random.floats(shape[1], in: 0.5...2)),
    ]
  }

  @Test(arguments: [[2, 5, 3, 4], [3, 7]]) func `values equal the formula`(shape: [Int]) throws {
    let inputs = inputs(shape)
    let y = try harness.evaluate(BatchNorm.op, inputs, ["epsilon": 0.01])[0]
    let area = shape[2...].reduce(1, *)
    let values = inputs.map { $0.value.elements(Float.self).map(Double.init) }
    let expected = values[0].enumerated().map { index, x in
      let c = index / area % shape[1]
      return (x - values[3][c]) / (values[4][c] + 0.01).squareRoot() * values[1][c] + values[2][c]
    }
    #expect(largestError(y.elements(Float.self), expected) < 1e-6)
  }

  @Test(arguments: [[2, 3, 3, 4], [4, 3]]) func `all gradients agree with differences`(shape: [Int]) throws {
    for port in BatchNorm.op.inputs.map(\.name) {
      #expect(try harness.gradientError(BatchNorm.op, inputs(shape), ["epsilon": 0.1], wrt: [port], step: 3e-3) < 3e-3)
    }
  }

  @Test func `shapes follow, and the node owns four vectors`() throws {
    #expect(
      try harness.infer(BatchNorm.op, ["x": "tensor<f32>[N,64,H,W] NCHW 0..1"]) == ["tensor<f32>[N,64,H,W] NCHW"])
    #expect(
      try harness.parameters(BatchNorm.op, ["x": "tensor<f32>[N,64,H,W]"])
        == Array(repeating: "tensor<f32>[64]", count: 4))
    #expect(
      harness.refusal(BatchNorm.op, ["x": "tensor<f32>[N,64,H,W]", "mean": "tensor<f32>[32]"])
        == "mean: dimension 0 is 32 where 64 is needed (x has 64 channels)")
    #expect(
      harness.refusal(BatchNorm.op, ["x": "tensor<f32>[N]"]) == "x: rank 1 ([N]) where at least 2 is needed")
  }
}
