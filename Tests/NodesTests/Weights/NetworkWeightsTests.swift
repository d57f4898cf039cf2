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

  @Test func `what is lacking starts by rule or as the network declares`() throws {
    let declared: Literal = .object(["method": "constant", "value": 7])
    let fresh = try weights([:], ["initialise": .object(["*.bias": .object(["method": "constant", "value": 3])])])
    let start = try #require(fresh.start)
    #expect(try start("fc.bias", [2], declared).elements(Float.self) == [3, 3])
    #expect(try start("fc.weight", [1, 2], declared).elements(Float.self) == [7, 7])
    // With a file behind it a name that is missing is a mistake, unless "rest" says otherwise.
    #expect(try weights(["weights": .weights(base)], [:]).start == nil)
    let rest = try weights(["weights": .weights(base)], ["only": ["conv.*"], "rest": "declared"])
    #expect(rest.types.keys.sorted() == ["conv.weight"])
    #expect(try rest.start?("fc.weight", [1], declared).elements(Float.self) == [7])
    let taken = try run(
      WeightsTensor.op, ["weights": .weights(fresh)], ["name": "a.bias", "shape": [3], "initial": declared])[0]
    guard case .tensor(let tensor) = taken else { throw Fault("test", "no tensor") }
    #expect(tensor.elements(Float.self) == [3, 3, 3])
  }

  @Test func `patterns name what is frozen`() throws {
    let set = try weights([:], ["frozen": ["conv*", "fc.bias"]])
    #expect(["conv1.weight", "fc.bias", "fc.weight"].map { set.isFrozen?($0) } == [true, true, false])
    #expect(try weights([:], [:]).isFrozen == nil)
  }

  @Test func `mistakes are named`() {
    func refusal(_ attributes: [String: Literal]) -> String {
      message { _ = try infer(NetworkWeights.op, [:], attributes) }
    }
    #expect(
      refusal(["initialise": .object(["a": .object(["shape": [1], "method": "he"])])]).hasPrefix(
        "param \"initialise\": \"a\" param \"method\" cannot be \"he\""))
    #expect(refusal(["initialise": .object(["a": 1])]) == "param \"initialise\": \"a\" takes an object")
  }
}
