import Language
import Tensors

/// Takes one tensor out of weights.
public enum WeightsTensor {
  public static let op = Op(
    "weights.tensor",
    doc:
      "One tensor of weights by name. Networks use it for their parameters; with a shape, the stored one must equal it.",
    inputs: [Port("weights", "weights")], outputs: [Port("tensor", "tensor")],
    params: [
      Param("name", .string, "name of the tensor"),
      Param("shape", .ints(.natural, counts: []), default: .null, "the extents it must have; null accepts any"),
      Param(
        "initial", .any, default: .null,
        "how the network would start it; counts where the weights make what they lack (nn.weights)"),
      Param(
        "dtype", .choice(DType.allCases.map(\.rawValue)), default: .string("f32"),
        "the element type, where a shape is given"),
    ],
    infer: { facts throws(Fault) in
      guard facts.attributes.has("shape") else { return [.tensor(TensorType(dtype: nil, shape: nil))] }
      return [
        .tensor(
          TensorType(
            dtype: DType(rawValue: facts.attributes.string("dtype")),
            shape: facts.attributes.ints("shape").map { Dim($0) }))
      ]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let name = call.attributes.string("name")
        let weights = try call.weights("weights")
        if weights.types[name] == nil, let start = weights.start, call.attributes.has("shape") {
          return [.tensor(try start(name, call.attributes.ints("shape"), call.attributes["initial"] ?? .null))]
        }
        let tensor = try weights.tensor(name)
        if call.attributes.has("shape"), tensor.shape != call.attributes.ints("shape") {
          throw .weightShape(
            name, try call.weights("weights").source, found: tensor.shape, wanted: call.attributes.ints("shape"))
        }
        return [.tensor(tensor)]
      }))
}

extension WeightSet {
  /// The tensor of a name, or a fault that knows the names there are.
  func tensor(_ name: String) throws(Fault) -> Tensor {
    guard types[name] != nil else { throw .noSuchWeight(name, source, types.keys.sorted()) }
    return try load(name)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightsTensor.op, $0) }
