import Kernels
import Language
import Tensors

/// Probabilities from scores.
public enum Softmax {
  public static let op: Op = SoftmaxRule.op(
    "nn.softmax", doc: "e^x divided by its sum along an axis: probabilities from scores.", range: "0..1",
    logarithmic: false)
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Softmax.op, $0) }
