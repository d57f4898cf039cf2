import Kernels
import Language

/// Smooth rectifier.
public enum Softplus {
  public static let op: Op = Activation.op("nn.softplus", doc: "log(1 + e^x), without overflow.") { _ in
    Activation.Settings(.softplus)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Softplus.op, $0) }
