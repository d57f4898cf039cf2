import Language
import Tensors

/// ONNX ScatterElements (11 to 18) and its old name Scatter (9 to 11): updates written to elements whose place along one axis
/// is given by an index.
enum ScatterElements {
  static let ops = [make("ScatterElements"), make("Scatter")]

  private static func make(_ name: String) -> Op {
    OnnxOperator.make(
      name, "Elements replaced, or combined with others, by index along one axis.", "data indices updates", "output",
      [.attribute("axis", 0), .attribute("reduction", words: Scattering.words)], infer: Inference.like("data")
    ) { call throws(Fault) in
      let (data, indices) = (try call.tensor("data"), try call.tensor("indices"))
      let updates = try call.tensor("updates")
      guard data.rank > 0 else { throw .rank("data", [], "at least one axis") }
      guard updates.shape == indices.shape else {
        throw .disagree("indices", indices.shape, "updates", updates.shape, "the shapes must be equal")
      }
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: data.rank)
      let places = try ElementPlaces(indices, axis: axis, in: data)
      return [
        try Scattering.run(data, updates, to: places.offsets, size: 1, call.attributes.string("reduction"))
      ]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(ScatterElements.ops, $0) }
