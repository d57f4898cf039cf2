import Kernels
import Language

/// Gaussian error linear unit (Hendrycks & Gimpel 2016).
public enum GELU {
  public static let op: Op = Activation.op(
    "nn.gelu", doc: "x times the normal distribution function at x, exact or by a hyperbolic tangent.",
    params: [
      Param(
        "approximate", .choice(["none", "tanh"]), default: .string("none"),
        "tanh: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³)))")
    ]
  ) { Activation.Settings($0.string("approximate") == "tanh" ? .geluTanh : .gelu) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GELU.op, $0) }
