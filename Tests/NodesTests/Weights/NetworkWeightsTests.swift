import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct NetworkWeightsTests {
  let base = WeightSet(
    types: [
      "conv.weight": TensorType(dtype: .f32, shape: [1]), "fc.weight": TensorType(dtype: .f32, shape: [1]),
    ], digest: Digest(of: "base"), source: "base.safetensors"
  ) { name throws(Fault) in Tensor(shape: [1], [Float(name == "fc.weight" ? 2 : 1)]) }

  func weights(_ inputs: KeyValuePairs<String, Value>, _ attributes: [String: Literal], seed: UInt64 = 1) throws
    -> WeightSet
  {
    guard case .weights(let set) = try run(NetworkWeights.op, inputs, attributes, seed: seed)[0] else {
      throw Fault("test", "no weights")
    }
    return set
  }

  @Test func `initialisers replace what has their name`() throws {
    let settings: [String: Literal] = [
      "initialise": .object(["fc.weight": .object(["shape": [3, 2], "method": "he_normal"])])
    ]
    let set = try weights(["weights": .weights(base)], settings)
    #expect(set.types.keys.sorted() == ["conv.weight", "fc.weight"])
    #expect(try set.load("conv.weight") == Tensor(shape: [1], [Float(1)]))
    #expect(try set.load("fc.weight").shape == [3, 2])
    #expect(try set.load("fc.weight") == weights([:], settings).load("fc.weight"))
    #expect(try weights([:], settings, seed: 2).digest != weights([:], settings, seed: 1).digest)
    #expect(try weights([:], settings).digest != set.digest)
  }

  @Test func `patterns choose what is taken over`() throws {
    #expect(try weights(["weights": .weights(base)], ["only": ["fc.*"]]).types.keys.sorted() == ["fc.weight"])
  }

  @Test func `mistakes are named`() {
    func refusal(_ attributes: [String: Literal]) -> String {
      message { _ = try infer(NetworkWeights.op, [:], attributes) }
    }
    #expect(refusal([:]) == "nn.weights needs the input \"weights\", the param \"initialise\", or both")
    #expect(
      refusal(["initialise": .object(["a": .object(["shape": [1], "method": "he"])])]).hasPrefix(
        "param \"initialise\": \"a\" param \"method\" cannot be \"he\""))
    #expect(refusal(["initialise": .object(["a": 1])]) == "param \"initialise\": \"a\" takes an object")
  }
}
