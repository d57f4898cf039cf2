import Language
import Tensors

/// ONNX ConvInteger (10): convolution of 8-bit integers less their zero points, as int32. QLinearConv (10): the same with a bias,
/// scaled and rounded to the type of y_zero_point.
enum IntegerConv {
  static let ops = [
    OnnxOperator.make(
      "ConvInteger", "Convolution of quantised numbers, as int32.", "x w x_zero_point? w_zero_point?", "y", params,
      infer: Conv.infer("x", "w", to: .i32)
    ) { call throws(Fault) in
      [
        try convolve(
          call, bias: nil, zeroX: try call.optional("x_zero_point"), zeroW: try call.optional("w_zero_point")
        )
        .narrowed(to: .i32)
      ]
    },
    OnnxOperator.make(
      "QLinearConv", "Convolution of quantised numbers, quantised.",
      "x x_scale x_zero_point w w_scale w_zero_point y_scale y_zero_point B?", "y", params,
      infer: { facts throws(Fault) in try Conv.infer("x", "w", to: facts.tensor("y_zero_point").dtype)(facts) }
    ) { call throws(Fault) in
      let bias = try call.optional("B")
      let sum = try convolve(
        call, bias: bias, zeroX: try call.tensor("x_zero_point"), zeroW: try call.tensor("w_zero_point"))
      var scale = try Times.run(try call.tensor("x_scale"), perOutput(try call.tensor("w_scale"), sum.rank))
      scale = try Over.run(scale, try call.tensor("y_scale"))
      let scaled = try Times.run(sum.converted(to: .f64), scale.converted(to: .f64)).expanded(to: sum.shape)
      return [try Quantized.rounded(scaled, zeroPoint: try call.tensor("y_zero_point"))]
    },
  ]

  private static let params = SpatialWindow.params + [.attribute("group", 1, .positive)]

  /// One number per output channel, along the second of `rank` axes.
  private static func perOutput(_ tensor: Tensor, _ rank: Int) -> Tensor {
    tensor.count == 1 ? tensor.reshaped([]) : tensor.reshaped([tensor.count] + Array(repeating: 1, count: rank - 2))
  }

  private static func convolve(
    _ call: HostCall, bias: Tensor?, zeroX: Tensor?, zeroW: Tensor?
  ) throws(Fault) -> Tensor {
    let groups = call.attributes.int("group")
    var (x, w) = (try integers(try call.tensor("x"), "x"), try integers(try call.tensor("w"), "w"))
    try DirectConvolution.check(x, w, groups: groups, ("x", "w"))
    if let zeroX {
      guard zeroX.count == 1 else { throw .notOneNumber("x_zero_point", zeroX.count) }
      x = try Minus.run(x, try integers(zeroX, "x_zero_point").reshaped([]))
    }
    if let zeroW {
      let zero = perOutput(try integers(zeroW, "w_zero_point"), w.rank + 1)
      w = try Minus.run(w, zero).expanded(to: w.shape)
    }
    if let bias, bias.count != w.shape[0] { throw .extents("B", bias.shape, [w.shape[0]]) }
    let window = try SpatialWindow(call, input: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
    let wideBias = try bias.map { bias throws(Fault) in try integers(bias, "B") }
    return try DirectConvolution.run(x, w, bias: wideBias, window, groups: groups)
  }

  private static func integers(_ x: Tensor, _ port: String) throws(Fault) -> Tensor {
    guard x.dtype.isInteger else { throw .elementType(port, x.dtype, "integers") }
    return x.widened().narrowed(to: .i64)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(IntegerConv.ops, $0) }
