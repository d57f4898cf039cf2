import Language
import Tensors

/// ONNX Mod (versions 10 to 28): A − floor(A / B)·B, or with `fmod` A − trunc(A / B)·B. The remainder of an integer by zero,
/// which ONNX leaves undefined, is 0.
enum Modulo {
  static let op = OnnxOperator.make(
    "Mod", "The remainder of a division.", "A B", "C", [.flag("fmod")], infer: Inference.broadcast("A", "B")
  ) { call throws(Fault) in
    let (a, b) = (try call.tensor("A"), try call.tensor("B"))
    return [call.flag("fmod") ? try Truncated.run(a, b) : try Floored.run(a, b)]
  }

  private enum Truncated: BinaryNumber {
    static func apply<T: Number>(_ a: T, _ b: T) -> T { T.remainder(a, b) }
  }

  /// The result has the sign of the divisor.
  private enum Floored: BinaryNumber {
    static func apply<T: Number>(_ a: T, _ b: T) -> T {
      let rest = T.remainder(a, b)
      if rest == .zero { return b < .zero ? T.product(.zero, T.difference(.zero, .one)) : .zero }
      return (rest < .zero) != (b < .zero) ? T.sum(rest, b) : rest
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Modulo.op, $0) }
