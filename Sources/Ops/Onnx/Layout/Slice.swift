import Language
import Tensors

/// ONNX Slice (1 to 13): a range with a step along some axes; bounds are attributes before version 10, inputs since. Bounds
/// outside the axis are moved to its ends.
enum Slice {
  static let op = OnnxOperator.make(
    "Slice", "A range with a step along some axes.", "data starts? ends? axes? steps?", "output",
    [.ints("starts"), .ints("ends"), .ints("axes")],
    infer: { facts throws(Fault) in
      let data = facts.tensor("data")
      return [Inference.tensor(data.dtype, data.shape.map { Inference.unknown(rank: $0.count) })]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    guard let starts = try call.integers(at: "starts") ?? call.ints("starts"),
      let ends = try call.integers(at: "ends") ?? call.ints("ends")
    else { throw .noTensor("starts") }
    let axes = try call.axes(rank: data.rank) ?? Array(0..<starts.count)
    let steps = try call.integers(at: "steps") ?? Array(repeating: 1, count: starts.count)
    for (name, count) in [("ends", ends.count), ("axes", axes.count), ("steps", steps.count)]
    where count != starts.count { throw .listLength(name, count, starts.count) }
    guard axes.allSatisfy({ $0 < data.rank }) else { throw .axis(axes.max() ?? 0, data.rank) }
    var shape = data.shape
    var strides = Extents.strides(data.shape)
    var offset = 0
    for (place, axis) in axes.enumerated() {
      let range = try range(starts[place], ends[place], steps[place], data.shape[axis])
      shape[axis] = range.count
      offset += range.start * strides[axis]
      strides[axis] *= range.step
    }
    if shape.contains(0) { return [Tensor.zeros(data.dtype, shape: shape)] }
    return [try StridedView(data, shape: shape, strides: strides, offset: offset).dense()]
  }

  private static func range(
    _ start: Int, _ end: Int, _ step: Int, _ extent: Int
  ) throws(Fault) -> (start: Int, count: Int, step: Int) {
    guard step != 0 else { throw .attribute("steps", "a step is 0") }
    // Longer steps than the axis all mean the same; this keeps the numbers small.
    let step = min(max(step, -extent - 1), extent + 1)
    let (low, high) = step > 0 ? (0, extent) : (-1, extent - 1)
    let first = min(max(start < 0 ? start + extent : start, max(low, 0)), high)
    let last = min(max(end < 0 ? end + extent : end, low), high)
    let distance = step > 0 ? last - first : first - last
    return distance <= 0 || extent == 0 ? (0, 0, step) : (first, (distance - 1) / abs(step) + 1, step)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Slice.op, $0) }
