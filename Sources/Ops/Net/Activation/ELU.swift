import Kernels
import Language

/// Exponential linear unit (Clevert, Unterthiner & Hochreiter 2016).
public enum ELU {
  public static let op: Op = Activation.op(
    "nn.elu", doc: "x where x > 0, else alpha * (e^x - 1).",
    params: [Param("alpha", .number(.all), default: .float(1), "the limit towards minus infinity, negated")]
  ) { Activation.Settings(.elu, a: $0.number("alpha")) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ELU.op, $0) }
