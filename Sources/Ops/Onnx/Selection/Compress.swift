import Language
import Tensors

/// ONNX Compress (9 to 28): the slices (or, without an axis, elements) whose condition holds.
enum Compress {
  static let op = OnnxOperator.make(
    "Compress", "The slices whose condition holds.", "input condition", "output", [.attribute("axis", nil)],
    infer: Inference.elements(of: "input")
  ) { call throws(Fault) in
    let condition = try call.tensor("condition")
    guard condition.dtype == .bool else { throw .elementType("condition", condition.dtype, "bool") }
    var input = try call.tensor("input")
    if !call.attributes.has("axis") { input = input.reshaped([input.count]) }
    let axis = try Axes.resolved(call.int("axis") ?? 0, rank: input.rank)
    guard input.rank > 0 else { throw .rank("input", [], "at least one axis") }
    let chosen = condition.doubles().indices.filter { condition.bytes[$0] != 0 }
    if let last = chosen.last, last >= input.shape[axis] { throw .index(last, input.shape[axis]) }
    return [
      try AxisGather(input, input.shape.indices.map { $0 == axis ? chosen : Array(0..<input.shape[$0]) }).dense()
    ]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Compress.op, $0) }
