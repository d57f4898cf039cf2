import Language
import Tensors

/// ONNX CenterCropPad (18): each axis cropped or padded with 0 to an extent, about its centre; what is left over of an odd
/// difference lies at the end.
enum CenterCropPad {
  static let op = OnnxOperator.make(
    "CenterCropPad", "Cropped or padded about the centre.", "input_data shape", "output_data", [.ints("axes")],
    infer: { facts throws(Fault) in
      let data = facts.tensor("input_data")
      return [Inference.tensor(data.dtype, data.shape.map { Inference.unknown(rank: $0.count) })]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("input_data")
    let wanted = try call.tensor("shape").integers("shape")
    let axes =
      try call.ints("axes").map { axes throws(Fault) in try Axes.resolved(axes, rank: data.rank) }
      ?? Array(0..<data.rank)
    guard wanted.count == axes.count else { throw .listLength("shape", wanted.count, axes.count) }
    var target = data.shape
    for (axis, extent) in zip(axes, wanted) { target[axis] = extent }
    _ = try Extents.count(target)
    let indices = target.indices.map { axis in
      let (from, to) = (data.shape[axis], target[axis])
      return (0..<to).map { place in
        if from >= to { return place + (from - to) / 2 }
        let index = place - (to - from) / 2
        return (0..<from).contains(index) ? index : -1
      }
    }
    return [try AxisGather(data, indices).dense()]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(CenterCropPad.op, $0) }
