import Language
import Tensors

/// ONNX Pad (2 to 25): elements put before and after each axis; negative counts crop. `edge` repeats the outermost element,
/// `reflect` mirrors without repeating it, `wrap` goes on at the other end. Pads are an attribute before version 11.
enum Pad {
  static let op = OnnxOperator.make(
    "Pad", "Elements put around a tensor, or cut off it.", "data pads? constant_value? axes?", "output",
    [
      .attribute("mode", words: ["constant", "reflect", "edge", "wrap"]), .ints("pads"), .attribute("value", float: 0),
    ],
    infer: { facts throws(Fault) in
      let data = facts.tensor("data")
      return [Inference.tensor(data.dtype, data.shape.map { Inference.unknown(rank: $0.count) })]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    guard let pads = try call.integers(at: "pads") ?? call.ints("pads") else { throw .noTensor("pads") }
    let axes =
      try call.integers(at: "axes").map { axes throws(Fault) in try Axes.resolved(axes, rank: data.rank) }
      ?? Array(0..<data.rank)
    guard pads.count == 2 * axes.count else { throw .listLength("pads", pads.count, 2 * axes.count) }
    var counts = Array(repeating: (0, 0), count: data.rank)
    for (place, axis) in axes.enumerated() { counts[axis] = (pads[place], pads[place + axes.count]) }
    let mode = call.attributes.string("mode")
    var indices: [[Int]] = []
    for axis in 0..<data.rank { indices.append(try Pad.indices(data.shape[axis], counts[axis], mode)) }
    _ = try Extents.count(indices.map(\.count))
    return [try AxisGather(data, indices, fill: try fill(call, data)).dense()]
  }

  private static func fill(_ call: HostCall, _ data: Tensor) throws(Fault) -> Tensor? {
    guard let value = try call.optional("constant_value") else {
      return Tensor(shape: [], [call.attributes.number("value")]).narrowed(to: data.dtype)
    }
    guard value.count == 1 else { throw .notOneNumber("constant_value", value.count) }
    guard value.dtype == data.dtype else { throw .elementTypes("data", data.dtype, "constant_value", value.dtype) }
    return value
  }

  /// Where each element of the padded axis comes from; -1 for the constant.
  private static func indices(_ extent: Int, _ pads: (before: Int, after: Int), _ mode: String) throws(Fault) -> [Int] {
    let (begun, overflow) = extent.addingReportingOverflow(pads.before)
    let (count, overflowToo) = begun.addingReportingOverflow(pads.after)
    guard !overflow, !overflowToo, count >= 0 else { throw .negativeExtent([count]) }
    _ = try Extents.count([count])
    guard extent > 0 || mode == "constant" || count == 0 else { throw .attribute("mode", "\(mode) of an empty axis") }
    return (0..<count).map { place in
      let index = place - pads.before
      if (0..<extent).contains(index) { return index }
      switch mode {
      case "edge": return min(max(index, 0), extent - 1)
      case "wrap": return (index % extent + extent) % extent
      case "reflect":
        if extent == 1 { return 0 }
        let period = 2 * (extent - 1)
        let phase = (index % period + period) % period
        return phase < extent ? phase : period - phase
      default: return -1
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Pad.op, $0) }
