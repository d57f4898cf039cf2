import Language
import Tensors

/// ONNX Split (2 to 18): pieces along an axis, of the sizes given (an attribute before version 13, an input since) or equal
/// ones; since version 18 the last may be smaller. The number of results is the param `outputs`, else `num_outputs` or
/// the number of sizes.
enum Split {
  static let op = Op(
    "onnx.Split", doc: "Pieces of a tensor along an axis.", inputs: OnnxOperator.ports("input split?"), outputs: [],
    params: [
      .attribute("axis", 0), .ints("split"), .attribute("num_outputs", nil, .positive),
      Param("outputs", .int(.positive), default: .null, "how many pieces are used"), OnnxOperator.opset,
    ],
    isInternal: true,
    dynamicOutputs: { facts throws(Fault) in
      (0..<(count(facts.attributes) ?? 1)).map { Port("output\($0)", "tensor") }
    },
    infer: { facts throws(Fault) in
      let type = facts.tensor("input")
      let rank = type.shape.map { Inference.unknown(rank: $0.count) }
      return Array(repeating: Inference.tensor(type.dtype, rank), count: count(facts.attributes) ?? 1)
    },
    action: OnnxOperator.action { call throws(Fault) in
      let input = try call.tensor("input")
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: input.rank)
      guard input.rank > 0 else { throw .rank("input", [], "at least one axis") }
      let sizes = try sizes(call, input.shape[axis])
      guard sizes.allSatisfy({ (0...input.shape[axis]).contains($0) }), sizes.reduce(0, +) == input.shape[axis] else {
        throw .split(sizes, input.shape[axis])
      }
      let strides = Extents.strides(input.shape)
      var (pieces, start): ([Tensor?], Int) = ([], 0)
      for size in sizes {
        var shape = input.shape
        shape[axis] = size
        pieces.append(
          try StridedView(input, shape: shape, strides: strides, offset: start * strides[axis]).dense())
        start += size
      }
      return pieces
    })

  private static func count(_ attributes: Attributes) -> Int? {
    if attributes.has("outputs") { return attributes.int("outputs") }
    if attributes.has("num_outputs") { return attributes.int("num_outputs") }
    return attributes.has("split") ? attributes.ints("split").count : nil
  }

  private static func sizes(_ call: HostCall, _ extent: Int) throws(Fault) -> [Int] {
    if let given = try call.integers(at: "split") ?? call.ints("split") { return given }
    let parts = call.int("num_outputs") ?? count(call.attributes) ?? 1
    guard parts <= max(1, extent) else { throw .split([parts], extent) }
    let size = (extent + parts - 1) / parts
    return (0..<parts).map { min(size, max(0, extent - $0 * size)) }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Split.op, $0) }
