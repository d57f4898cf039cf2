import Kernels
import Language

/// Logistic function.
public enum Sigmoid {
  public static let op: Op = Activation.op("nn.sigmoid", doc: "1 / (1 + e^-x).", range: "0..1") { _ in
    Activation.Settings(.sigmoid)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Sigmoid.op, $0) }
