import Glibc
import Language

/// ONNX's activation functions of floats, each as its definition has it; NaN comes through.
enum Activations {
  static let ops = [
    UnaryReal.make("Sigmoid", "1 / (1 + e^-x)") { sigmoid($0) },
    UnaryReal.make("Softplus", "ln(1 + e^x)") { softplus($0) },
    UnaryReal.make("Softsign", "x / (1 + |x|)", input: "input", output: "output") { $0 / (1 + $0.magnitude) },
    UnaryReal.make("HardSwish", "x · max(0, min(1, x / 6 + 1/2))") { $0 * clamped($0 / 6 + 0.5) },
    UnaryReal.make("Mish", "x · tanh(ln(1 + e^x))") { $0 * tanh(softplus($0)) },
    UnaryReal.make(
      "LeakyRelu", "x, or alpha · x where x is negative.", [.attribute("alpha", float: 0.01)],
      configured: {
        let alpha = $0.number("alpha"); return { $0 < 0 ? alpha * $0 : $0 }
      }),
    UnaryReal.make(
      "Elu", "x, or alpha · (e^x - 1) where x is negative.", [.attribute("alpha", float: 1)],
      configured: {
        let alpha = $0.number("alpha"); return { $0 < 0 ? alpha * expm1($0) : $0 }
      }),
    UnaryReal.make(
      "Celu", "max(0, x) + min(0, alpha · (e^(x/alpha) - 1))", [.attribute("alpha", float: 1)],
      configured: {
        let alpha = $0.number("alpha"); return { celu($0, alpha) }
      }),
    UnaryReal.make(
      "Selu", "gamma · x, or gamma · alpha · (e^x - 1) where x is not positive.",
      [
        .attribute("alpha", float: 1.67326319217681884765625), .attribute("gamma", float: 1.05070102214813232421875),
      ],
      configured: {
        let (alpha, gamma) = ($0.number("alpha"), $0.number("gamma"))
        return { $0 > 0 ? gamma * $0 : gamma * alpha * expm1($0) }
      }),
    UnaryReal.make(
      "HardSigmoid", "max(0, min(1, alpha · x + beta))",
      [.attribute("alpha", float: 0.2), .attribute("beta", float: 0.5)],
      configured: {
        let (alpha, beta) = ($0.number("alpha"), $0.number("beta"))
        return { clamped(alpha * $0 + beta) }
      }),
    UnaryReal.make(
      "ThresholdedRelu", "x where it is above alpha, else 0.", [.attribute("alpha", float: 1)],
      configured: {
        let alpha = $0.number("alpha"); return { $0 > alpha || $0.isNaN ? $0 : 0 }
      }),
    UnaryReal.make(
      "Swish", "x · sigmoid(alpha · x)", [.attribute("alpha", float: 1)],
      configured: {
        let alpha = $0.number("alpha"); return { $0 * sigmoid(alpha * $0) }
      }),
    UnaryReal.make(
      "Gelu", "x · Φ(x), or its approximation with tanh.", [.attribute("approximate", words: ["none", "tanh"])],
      configured: { $0.string("approximate") == "tanh" ? { geluByTanh($0) } : { gelu($0) } }),
  ]

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Without overflow for large x.
  static func softplus(_ x: Double) -> Double { x.isNaN ? x : Swift.max(x, 0) + log1p(exp(-x.magnitude)) }

  static func clamped(_ x: Double) -> Double { Double.larger(0, Double.smaller(1, x)) }

  static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  static func geluByTanh(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  private static func celu(_ x: Double, _ alpha: Double) -> Double {
    Double.larger(0, x) + Double.smaller(0, alpha * expm1(x / alpha))
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Activations.ops, $0) }
