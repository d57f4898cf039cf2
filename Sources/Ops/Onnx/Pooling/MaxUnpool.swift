import Language
import Tensors

/// ONNX MaxUnpool (9 to 22): each element at the place that MaxPool gave for it, 0 elsewhere. A larger `output_shape` leaves the
/// rest of the result 0.
enum MaxUnpool {
  static let op = OnnxOperator.make(
    "MaxUnpool", "Elements put back where MaxPool took them.", "X I output_shape?", "output",
    [.ints(required: "kernel_shape"), .ints("pads"), .ints("strides")], infer: Pool.infer
  ) { call throws(Fault) in
    let (x, places) = (try call.tensor("X"), try call.tensor("I"))
    guard x.rank >= 3 else { throw .rank("X", x.shape, "[N, C, spatial…]") }
    guard places.shape == x.shape else { throw .disagree("X", x.shape, "I", places.shape, "the shapes must be equal") }
    let rank = x.rank - 2
    let kernel = call.attributes.ints("kernel_shape")
    let strides = call.ints("strides") ?? Array(repeating: 1, count: rank)
    let pads = call.ints("pads") ?? Array(repeating: 0, count: 2 * rank)
    for (name, count, wanted) in [
      ("kernel_shape", kernel.count, rank), ("strides", strides.count, rank), ("pads", pads.count, 2 * rank),
    ] where count != wanted { throw .listLength(name, count, wanted) }
    guard (kernel + strides + pads).allSatisfy({ (0...(1 << 31)).contains($0) }) else {
      throw .attribute("strides", "\(strides) is out of range")
    }
    var inferred = Array(x.shape[..<2])
    for axis in 0..<rank {
      inferred.append((x.shape[axis + 2] - 1) * strides[axis] - pads[axis] - pads[axis + rank] + kernel[axis])
    }
    let count = try Extents.count(inferred)
    let plane = try Assembly(dtype: x.dtype, shape: inferred, zeroed: true)
    for (at, place) in try places.integers("I").enumerated() {
      guard (0..<count).contains(place) else { throw .index(place, count) }
      plane.copy(x, from: at, to: place)
    }
    let result = Tensor(dtype: x.dtype, shape: inferred, buffer: plane.buffer)
    guard let shape = try call.integers(at: "output_shape") else { return [result] }
    guard shape.count == x.rank, zip(shape, inferred).allSatisfy({ $0 >= $1 }) else {
      throw .extents("output_shape", shape, inferred)
    }
    _ = try Extents.count(shape)
    let indices = shape.indices.map { axis in (0..<shape[axis]).map { $0 < inferred[axis] ? $0 : -1 } }
    return [try AxisGather(result, indices).dense()]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MaxUnpool.op, $0) }
