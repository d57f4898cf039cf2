import Language
import Tensors

/// com.microsoft Gelu, BiasGelu (Gelu(A + B)), FastGelu (the approximation with tanh, of X + bias) and QuickGelu
/// (x · sigmoid(alpha · x)).
enum FusedGelu {
  static let ops = [
    UnaryReal.make("ms.Gelu", "x · Φ(x)") { Activations.gelu($0) },
    UnaryReal.make(
      "ms.QuickGelu", "x · sigmoid(alpha · x)", [.attribute("alpha", float: 1.702)],
      configured: {
        let alpha = $0.number("alpha"); return { $0 * Activations.sigmoid(alpha * $0) }
      }),
    OnnxOperator.make("ms.BiasGelu", "Gelu(A + B)", "A B", "C", infer: Inference.broadcast("A", "B")) {
      call throws(Fault) in
      [
        UnaryReal.map(try Plus.run(try call.tensor("A").requireFloat("A"), try call.tensor("B"))) {
          Activations.gelu($0)
        }
      ]
    },
    OnnxOperator.make("ms.FastGelu", "Gelu of X + bias, by tanh.", "X bias?", "Y", infer: Inference.like("X")) {
      call throws(Fault) in
      var x = try call.tensor("X").requireFloat("X")
      if let bias = try call.optional("bias") { x = try Plus.run(x, bias, ("X", "bias")) }
      return [UnaryReal.map(x) { Activations.geluByTanh($0) }]
    },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(FusedGelu.ops, $0) }
