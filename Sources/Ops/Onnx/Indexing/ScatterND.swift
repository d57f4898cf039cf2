import Language
import Tensors

/// ONNX ScatterND (11 to 18): slices replaced, or combined with others, by index tuples.
enum ScatterND {
  static let op = OnnxOperator.make(
    "ScatterND", "Slices replaced, or combined with others, by index tuples.", "data indices updates", "output",
    [.attribute("reduction", words: Scattering.words)], infer: Inference.like("data")
  ) { call throws(Fault) in
    let (data, indices) = (try call.tensor("data"), try call.tensor("indices"))
    guard let depth = indices.shape.last, depth <= data.rank else {
      throw .disagree("data", data.shape, "indices", indices.shape, "the index tuples are too long")
    }
    let offsets = try Indices.offsets(indices, "indices", over: Array(data.shape[..<depth]))
    let size = data.shape[depth...].reduce(1, *)
    return [
      try Scattering.run(
        data, try call.tensor("updates"), to: offsets, size: size, call.attributes.string("reduction"))
    ]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ScatterND.op, $0) }
