import Kernels
import Language

/// Rectifier.
public enum ReLU {
  public static let op: Op = Activation.op("nn.relu", doc: "max(x, 0).") { _ in Activation.Settings(.relu) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ReLU.op, $0) }
