import Glibc
import Language

/// ONNX Sin, Cos, Tan, their inverses (7 to 22) and hyperbolic relatives (9 to 22; Tanh 6 to 13), in radians.
enum Trigonometric {
  static let ops = [
    make("Sin", "The sine.") { sin($0) }, make("Cos", "The cosine.") { cos($0) },
    make("Tan", "The tangent.") { tan($0) }, make("Asin", "The arc sine.") { asin($0) },
    make("Acos", "The arc cosine.") { acos($0) }, make("Atan", "The arc tangent.") { atan($0) },
    make("Sinh", "The hyperbolic sine.") { sinh($0) }, make("Cosh", "The hyperbolic cosine.") { cosh($0) },
    make("Tanh", "The hyperbolic tangent.") { tanh($0) }, make("Asinh", "The inverse hyperbolic sine.") { asinh($0) },
    make("Acosh", "The inverse hyperbolic cosine.") { acosh($0) },
    make("Atanh", "The inverse hyperbolic tangent.") { atanh($0) },
  ]

  private static func make(
    _ name: String, _ doc: String, _ function: @escaping @Sendable (Double) -> Double
  ) -> Op { UnaryReal.make(name, doc, input: "input", output: "output", function: function) }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Trigonometric.ops, $0) }
