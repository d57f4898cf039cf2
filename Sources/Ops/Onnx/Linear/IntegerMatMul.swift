import Language
import Tensors

/// ONNX MatMulInteger (10): the product of two 8-bit matrices less their zero points (one, or one per row of A or column of B), as
/// int32. QLinearMatMul (10 to 21): the same, scaled and rounded to the type of y_zero_point.
enum IntegerMatMul {
  static let ops = [
    OnnxOperator.make(
      "MatMulInteger", "The product of quantised matrices, as int32.", "A B a_zero_point? b_zero_point?", "Y",
      infer: MatMul.infer("A", "B", to: .i32)
    ) { call throws(Fault) in
      let a = try centred(try call.tensor("A"), try call.optional("a_zero_point"), "a_zero_point", perRow: true)
      let b = try centred(try call.tensor("B"), try call.optional("b_zero_point"), "b_zero_point", perRow: false)
      return [try MatrixProduct.run(a, b).narrowed(to: .i32)]
    },
    OnnxOperator.make(
      "QLinearMatMul", "The product of quantised matrices, quantised.",
      "a a_scale a_zero_point b b_scale b_zero_point y_scale y_zero_point", "y",
      infer: { facts throws(Fault) in
        try MatMul.infer("a", "b", to: facts.tensor("y_zero_point").dtype)(facts)
      }
    ) { call throws(Fault) in
      let a = try centred(try call.tensor("a"), try call.tensor("a_zero_point"), "a_zero_point", perRow: true)
      let b = try centred(try call.tensor("b"), try call.tensor("b_zero_point"), "b_zero_point", perRow: false)
      let product = try MatrixProduct.run(a, b, ("a", "b")).converted(to: .f64)
      var scale = try Times.run(perRow(try call.tensor("a_scale")), try call.tensor("b_scale"))
      scale = try Over.run(scale, perRow(try call.tensor("y_scale")))
      let scaled = try Times.run(product, scale.converted(to: .f64)).expanded(to: product.shape)
      return [try Quantized.rounded(scaled, zeroPoint: perRow(try call.tensor("y_zero_point")))]
    },
  ]

  /// One number per row stands in an axis of its own.
  private static func perRow(_ tensor: Tensor) -> Tensor {
    tensor.rank == 1 && tensor.count > 1 ? tensor.reshaped([tensor.count, 1]) : tensor
  }

  /// The integers less their zero points, as i64.
  private static func centred(
    _ x: Tensor, _ zero: Tensor?, _ port: String, perRow isRow: Bool
  ) throws(Fault) -> Tensor {
    guard !x.dtype.isFloat else { throw .elementType(port, x.dtype, "integers") }
    let wide = x.widened().narrowed(to: .i64)
    guard let zero else { return wide }
    guard zero.dtype == x.dtype else { throw .elementTypes(isRow ? "A" : "B", x.dtype, port, zero.dtype) }
    let points = (isRow ? perRow(zero) : zero).widened().narrowed(to: .i64)
    return try Minus.run(wide, zero.count == 1 ? points.reshaped([]) : points.expanded(to: x.shape))
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(IntegerMatMul.ops, $0) }
