import Kernels
import Language

/// Piecewise swish (Howard et al. 2019, MobileNetV3).
public enum HardSwish {
  public static let op: Op = Activation.op("nn.hard_swish", doc: "x * (x / 6 + 0.5, limited to 0...1).") { _ in
    Activation.Settings(.hardSwish)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(HardSwish.op, $0) }
