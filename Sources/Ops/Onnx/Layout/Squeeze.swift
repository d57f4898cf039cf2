import Language
import Tensors

/// ONNX Squeeze, Unsqueeze (1 to 25; axes are an attribute before version 13) and Flatten (1 to 25).
enum Squeeze {
  static let ops = [
    OnnxOperator.make(
      "Squeeze", "Axes of extent 1 removed: those named, or all.", "data axes?", "squeezed", [.ints("axes")],
      infer: Inference.elements(of: "data")
    ) { call throws(Fault) in
      let data = try call.tensor("data")
      let axes = try call.axes(rank: data.rank) ?? data.shape.indices.filter { data.shape[$0] == 1 }
      for axis in axes where data.shape[axis] != 1 { throw .squeeze(axis, data.shape) }
      return [data.reshaped(data.shape.indices.filter { !axes.contains($0) }.map { data.shape[$0] })]
    },
    OnnxOperator.make(
      "Unsqueeze", "Axes of extent 1 put in, counted in the result.", "data axes?", "expanded", [.ints("axes")],
      infer: { facts throws(Fault) in
        let data = facts.tensor("data")
        let added: Int? =
          facts.attributes.has("axes")
          ? facts.attributes.ints("axes").count
          : facts.tensor("axes").shape.flatMap { $0.count == 1 ? $0[0].value : nil }
        guard let shape = data.shape, let added else { return [Inference.tensor(data.dtype)] }
        return [Inference.tensor(data.dtype, Inference.unknown(rank: shape.count + added))]
      }
    ) { call throws(Fault) in
      let data = try call.tensor("data")
      guard let wanted = try call.integers(at: "axes") ?? call.ints("axes") else { throw .noTensor("axes") }
      let rank = data.rank + wanted.count
      let axes = try Axes.resolved(wanted, rank: rank)
      var rest = data.shape[...]
      return [data.reshaped((0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() })]
    },
    OnnxOperator.make(
      "Flatten", "Two axes: those before `axis` as one, the others as one.", "input", "output", [.attribute("axis", 1)],
      infer: { facts throws(Fault) in [Inference.tensor(facts.tensor("input").dtype, Inference.unknown(rank: 2))] }
    ) { call throws(Fault) in
      let input = try call.tensor("input")
      let axis = call.attributes.int("axis")
      guard (-input.rank...input.rank).contains(axis) else { throw .axis(axis, input.rank) }
      let outer = input.shape[..<(axis < 0 ? axis + input.rank : axis)].reduce(1, *)
      let inner = input.shape[(axis < 0 ? axis + input.rank : axis)...].reduce(1, *)
      return [input.reshaped([outer, inner])]
    },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Squeeze.ops, $0) }
