import Kernels
import Language

/// Rectifier with a small slope below 0 (Maas, Hannun & Ng 2013).
public enum LeakyReLU {
  public static let op: Op = Activation.op(
    "nn.leaky_relu", doc: "x where x > 0, else slope * x.",
    params: [Param("slope", .number(.all), default: .float(0.01), "factor below 0")]
  ) { Activation.Settings(.leakyReLU, a: $0.number("slope")) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LeakyReLU.op, $0) }
