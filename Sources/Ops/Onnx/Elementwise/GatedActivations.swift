import Language
import Tensors

/// ONNX PRelu (7 to 16): x, or slope · x where x is negative; the slope is stretched over x.
enum PRelu {
  static let op = OnnxOperator.make(
    "PRelu", "x, or slope · x where x is negative.", "X slope", "Y", infer: Inference.like("X")
  ) { call throws(Fault) in
    let x = try call.tensor("X")
    let slope = try call.tensor("slope").expanded(to: x.shape)
    return [try Sloped.run(x, slope, ("X", "slope"))]
  }

  private enum Sloped: BinaryNumber {
    @inline(__always) static func apply<T: Number>(_ x: T, _ slope: T) -> T { x < .zero ? T.product(slope, x) : x }
  }
}

/// ONNX SwiGLU (28): A · sigmoid(alpha · A) · B of equal shapes.
enum SwiGLU {
  static let op = OnnxOperator.make(
    "SwiGLU", "A · sigmoid(alpha · A) · B", "A B", "Y", [.attribute("alpha", float: 1)], infer: Inference.like("A")
  ) { call throws(Fault) in
    let (a, b) = (try call.tensor("A").requireFloat("A"), try call.tensor("B").requireFloat("B"))
    guard a.shape == b.shape else { throw .disagree("A", a.shape, "B", b.shape, "the shapes must be equal") }
    let alpha = call.attributes.number("alpha")
    let product = try Broadcasting.zip(a.converted(to: .f64), b.converted(to: .f64), Double.self, to: .f64) {
      $0 * Activations.sigmoid(alpha * $0) * $1
    }
    return [product.converted(to: a.dtype)]
  }
}
@used @section("weft_ops") private let preluEntry: OpEntry = { Registry.collect(PRelu.op, $0) }
@used @section("weft_ops") private let swigluEntry: OpEntry = { Registry.collect(SwiGLU.op, $0) }
