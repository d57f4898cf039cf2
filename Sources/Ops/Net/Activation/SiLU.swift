import Kernels
import Language

/// Sigmoid-weighted linear unit, also called swish (Elfwing, Uchibe & Doya 2018).
public enum SiLU {
  public static let op: Op = Activation.op("nn.silu", doc: "x / (1 + e^-x), also called swish.") { _ in
    Activation.Settings(.silu)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SiLU.op, $0) }
