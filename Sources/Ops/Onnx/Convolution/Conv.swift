import Language
import Tensors

/// ONNX Conv (1 to 22): cross-correlation over any number of spatial axes.
enum Conv {
  static let op = OnnxOperator.make(
    "Conv", "Convolution over any number of axes.", "X W B?", "Y",
    SpatialWindow.params + [.attribute("group", 1, .positive)], infer: infer("X", "W")
  ) { call throws(Fault) in [try run(call)] }

  static func run(_ call: HostCall) throws(Fault) -> Tensor {
    let (x, w) = (try call.tensor("X").requireFloat("X"), try call.tensor("W"))
    let bias = try call.optional("B")
    guard x.dtype == w.dtype else { throw .elementTypes("X", x.dtype, "W", w.dtype) }
    let groups = call.attributes.int("group")
    try DirectConvolution.check(x, w, groups: groups, ("X", "W"))
    if let bias {
      guard bias.count == w.shape[0] else { throw .extents("B", bias.shape, [w.shape[0]]) }
      guard bias.dtype == x.dtype else { throw .elementTypes("X", x.dtype, "B", bias.dtype) }
    }
    let window = try SpatialWindow(call, input: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
    return try DirectConvolution.run(
      MatrixProduct.widened(x), MatrixProduct.widened(w), bias: bias.map(MatrixProduct.widened), window,
      groups: groups
    ).narrowed(to: x.dtype)
  }

  /// Batch and channels; the spatial extents are left open.
  static func infer(_ x: String, _ w: String, to dtype: DType? = nil) -> Op.Inference {
    { facts throws(Fault) in
      let type = facts.tensor(x)
      guard let shape = type.shape, shape.count >= 3 else { return [Inference.tensor(dtype ?? type.dtype)] }
      let outputs = facts.tensor(w).shape?.first ?? .unknown
      return [
        Inference.tensor(dtype ?? type.dtype, [shape[0], outputs] + Inference.unknown(rank: shape.count - 2))
      ]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Conv.op, $0) }
