import Kernels
import Language

/// Piecewise linear logistic function.
public enum HardSigmoid {
  public static let op: Op = Activation.op(
    "nn.hard_sigmoid", doc: "alpha * x + beta, limited to 0...1. PyTorch has alpha 1/6, ONNX 0.2.",
    params: [
      Param("alpha", .number(.all), default: .float(1.0 / 6), "slope"),
      Param("beta", .number(.all), default: .float(0.5), "value at 0"),
    ], range: "0..1"
  ) { Activation.Settings(.hardSigmoid, a: $0.number("alpha"), b: $0.number("beta")) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(HardSigmoid.op, $0) }
