import Language
import Tensors

/// ONNX QuantizeLinear and DequantizeLinear (10 to 28) for integers of 8 to 32 bits: one scale, one per index of an axis, or one per
/// block along it. Halves are rounded to even. Results in 8-bit floats or fewer bits are refused.
enum QuantizeLinear {
  static let ops = [
    OnnxOperator.make(
      "QuantizeLinear", "Reals as integers: round(x / scale) + zero point.", "x y_scale y_zero_point?", "y",
      [
        .attribute("axis", 1), .attribute("block_size", 0, .natural), .attribute("output_dtype", 0),
        .attribute("precision", 0), .flag("saturate", 1),
      ],
      infer: { facts throws(Fault) in
        let code = facts.attributes.int("output_dtype")
        let zero =
          facts.isConnected("y_zero_point") ? facts.tensor("y_zero_point").dtype : code == 0 ? .u8 : DType(onnx: code)
        return [Inference.tensor(zero, facts.tensor("x").shape)]
      }
    ) { call throws(Fault) in
      let (x, scale) = (try call.tensor("x"), try call.tensor("y_scale").requireFloat("y_scale"))
      let target = try call.dtype("output_dtype") ?? .u8
      let zero = try call.optional("y_zero_point") ?? .zeros(target, shape: scale.shape)
      let scales = try perElement(scale, call, x.shape, "y_scale")
      // The quotient has the precision of its operands unless another is asked for.
      let precision = try call.dtype("precision") ?? (x.dtype.isFloat ? x.dtype : scale.dtype)
      let quotient = try Over.run(x.converted(to: precision), scales.converted(to: precision)).expanded(to: x.shape)
      return [try Quantized.rounded(quotient, zeroPoint: try perElement(zero, call, x.shape, "y_zero_point"))]
    },
    OnnxOperator.make(
      "DequantizeLinear", "Integers as reals: (x - zero point) · scale.", "x x_scale x_zero_point?", "y",
      [.attribute("axis", 1), .attribute("block_size", 0, .natural), .attribute("output_dtype", 0)],
      infer: { facts throws(Fault) in
        let code = facts.attributes.int("output_dtype")
        return [
          Inference.tensor(code == 0 ? facts.tensor("x_scale").dtype : DType(onnx: code), facts.tensor("x").shape)
        ]
      }
    ) { call throws(Fault) in
      let (x, scale) = (try call.tensor("x"), try call.tensor("x_scale").requireFloat("x_scale"))
      var values = x.converted(to: .f64)
      if let zero = try call.optional("x_zero_point") {
        guard zero.dtype == x.dtype else { throw .elementTypes("x", x.dtype, "x_zero_point", zero.dtype) }
        values = try Minus.run(values, try perElement(zero, call, x.shape, "x_zero_point").converted(to: .f64))
      }
      let scales = try perElement(scale, call, x.shape, "x_scale").converted(to: .f64)
      let result = try Times.run(values, scales).expanded(to: x.shape)
      return [result.converted(to: try call.dtype("output_dtype") ?? scale.dtype)]
    },
    OnnxOperator.make(
      "DynamicQuantizeLinear", "Reals as 8-bit integers, with a scale that fits them.", "x", "y y_scale y_zero_point",
      infer: { facts throws(Fault) in
        [Inference.tensor(.u8, facts.tensor("x").shape), Inference.tensor(.f32, []), Inference.tensor(.u8, [])]
      }
    ) { call throws(Fault) in
      let x = try call.tensor("x")
      guard x.dtype == .f32 else { throw .elementType("x", x.dtype, "f32") }
      let values = x.elements(Float.self)
      let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
      let scale = (high - low) / 255
      let zero = scale == 0 ? 0 : min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)
      let zeroPoint = Tensor(shape: [], [UInt8(zero.isNaN ? 0 : zero)])
      let quotient = Tensor(shape: x.shape, values.map { scale == 0 ? 0 : $0 / scale })
      return [try Quantized.rounded(quotient, zeroPoint: zeroPoint), .scalar(scale), zeroPoint]
    },
  ]

  /// Scales or zero points in a shape that stretches over x: as they are (one), along the axis, or repeated in blocks.
  private static func perElement(
    _ tensor: Tensor, _ call: HostCall, _ shape: [Int], _ port: String
  ) throws(Fault) -> Tensor {
    if tensor.count == 1 { return tensor.reshaped([]) }
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: shape.count)
    let block = call.attributes.int("block_size")
    if block == 0 {
      guard tensor.rank == 1, tensor.count == shape[axis] else { throw .extents(port, tensor.shape, [shape[axis]]) }
      return tensor.reshaped(shape.indices.map { $0 == axis ? tensor.count : 1 })
    }
    guard tensor.rank == shape.count, tensor.shape[axis] == (shape[axis] + block - 1) / block,
      shape.indices.allSatisfy({ $0 == axis || tensor.shape[$0] == shape[$0] })
    else { throw .extents(port, tensor.shape, shape) }
    return try AxisGather(
      tensor, shape.indices.map { place in (0..<shape[place]).map { place == axis ? $0 / block : $0 } }
    ).dense()
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(QuantizeLinear.ops, $0) }
