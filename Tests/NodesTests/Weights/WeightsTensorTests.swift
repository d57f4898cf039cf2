import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct WeightsTensorTests {
  let set = WeightSet(
    types: [
      "conv.weight": TensorType(dtype: .f32, shape: [2, 3]), "conv.bias": TensorType(dtype: .f32, shape: [2]),
    ], digest: Digest(of: "set"), source: "net.safetensors"
  ) { name throws(Fault) in
    Tensor(shape: name == "conv.bias" ? [2] : [2, 3], [Float](repeating: 1, count: name == "conv.bias" ? 2 : 6))
  }

  @Test func `a tensor is found by name`() throws {
    let values = try run(WeightsTensor.op, ["weights": .weights(set)], ["name": "conv.bias", "shape": [2]])
    #expect(values[0].tensor == Tensor(shape: [2], [Float(1), 1]))
  }

  @Test func `names and shapes that do not fit are refused`() {
    #expect(
      message { _ = try run(WeightsTensor.op, ["weights": .weights(set)], ["name": "conv.wieght"]) }
        == "net.safetensors holds no \"conv.wieght\" (did you mean \"conv.weight\"?); it holds 2 tensors, conv.bias, conv.weight"
    )
    #expect(
      message { _ = try run(WeightsTensor.op, ["weights": .weights(set)], ["name": "conv.weight", "shape": [3, 2]]) }
        == "\"conv.weight\" of net.safetensors is [2, 3], but the network needs [3, 2]")
  }
}
