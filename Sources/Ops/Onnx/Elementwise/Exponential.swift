import Glibc
import Language

/// ONNX Exp, Log, Sqrt, Reciprocal (6 to 13) and Erf (9 to 13).
enum Exponential {
  static let ops = [
    UnaryReal.make("Exp", "e to the power x.", input: "input", output: "output") { exp($0) },
    UnaryReal.make("Log", "The natural logarithm.", input: "input", output: "output") { log($0) },
    UnaryReal.make("Sqrt", "The square root.") { $0.squareRoot() },
    UnaryReal.make("Reciprocal", "1 / x") { 1 / $0 },
    UnaryReal.make("Erf", "The error function.", input: "input", output: "output") { erf($0) },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Exponential.ops, $0) }
