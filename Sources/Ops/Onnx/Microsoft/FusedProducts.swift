import Language
import Tensors

/// com.microsoft FusedMatMul: alpha · A' B' with matrices turned on demand; FusedGemm: Gemm, then an activation.
enum FusedProducts {
  static let ops = [
    OnnxOperator.make(
      "ms.FusedMatMul", "alpha · A' B'", "A B", "Y",
      [
        .attribute("alpha", float: 1), .flag("transA"), .flag("transB"), .flag("transBatchA"), .flag("transBatchB"),
      ], infer: Inference.elements(of: "A")
    ) { call throws(Fault) in
      let (a, b) = (try call.tensor("A"), try call.tensor("B"))
      guard a.dtype == b.dtype else { throw .elementTypes("A", a.dtype, "B", b.dtype) }
      let product = try MatrixProduct.run(
        try turned(MatrixProduct.widened(a), call, "A"), try turned(MatrixProduct.widened(b), call, "B"))
      let alpha = Tensor(shape: [], [call.attributes.number("alpha")]).converted(to: product.dtype)
      return [try Times.run(product, alpha).narrowed(to: a.dtype)]
    },
    OnnxOperator.make(
      "ms.FusedGemm", "alpha · A' B' + beta · C, then an activation.", "A B C?", "Y",
      GeneralProduct.params + [
        .attribute("activation", string: ""), .attribute("activation_alpha", float: nil),
        .attribute("activation_beta", float: nil), .attribute("activation_gamma", float: nil),
      ], infer: Inference.elements(of: "A")
    ) { call throws(Fault) in
      let parameters = [call.number("activation_alpha"), call.number("activation_beta")].compactMap { $0 }
      return [
        try FusedActivation.apply(call.attributes.string("activation"), parameters, to: try GeneralProduct.run(call))
      ]
    },
  ]

  private static func turned(_ x: Tensor, _ call: HostCall, _ name: String) throws(Fault) -> Tensor {
    guard x.rank >= 2 else { return x }
    var order = Array(0..<x.rank)
    // The first axis takes the place of the second to last.
    if call.flag("transBatch\(name)") { order.insert(order.remove(at: 0), at: x.rank - 2) }
    if call.flag("trans\(name)") { order.swapAt(x.rank - 1, x.rank - 2) }
    return try x.transposed(order)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(FusedProducts.ops, $0) }
