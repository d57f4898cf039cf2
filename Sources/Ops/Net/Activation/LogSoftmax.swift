import Kernels
import Language
import Tensors

/// Logarithms of probabilities from scores.
public enum LogSoftmax {
  public static let op: Op = SoftmaxRule.op(
    "nn.log_softmax", doc: "x minus the logarithm of the sum of e^x along an axis.", range: nil, logarithmic: true)
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LogSoftmax.op, $0) }
