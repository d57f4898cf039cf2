import Kernels
import Language

/// Hyperbolic tangent.
public enum Tanh {
  public static let op: Op = Activation.op("nn.tanh", doc: "Hyperbolic tangent.", range: "-1..1") { _ in
    Activation.Settings(.tanh)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Tanh.op, $0) }
