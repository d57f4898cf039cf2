import Language

/// ONNX Abs, Neg (6 to 13), Sign (9 to 13) and Relu (6 to 14), of all numbers.
enum SignFunctions {
  static let ops = [
    Magnitude.op("Abs", "The size without the sign; the smallest signed integer stays what it is."),
    Negative.op("Neg", "The sign changed."),
    Sign.op("Sign", "-1, 0 or 1; NaN stays NaN.", input: "input", output: "output"),
    Rectifier.op("Relu", "max(x, 0)"),
  ]

  private enum Magnitude: UnaryNumber {
    @inline(__always) static func apply<T: Number>(_ x: T) -> T { T.magnitude(x) }
  }

  private enum Negative: UnaryNumber {
    @inline(__always) static func apply<T: Number>(_ x: T) -> T { T.negated(x) }
  }

  private enum Sign: UnaryNumber {
    @inline(__always) static func apply<T: Number>(_ x: T) -> T {
      x > .zero ? .one : x < .zero ? T.difference(.zero, .one) : x.isNaN ? x : .zero
    }
  }

  private enum Rectifier: UnaryNumber {
    @inline(__always) static func apply<T: Number>(_ x: T) -> T { T.larger(x, .zero) }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(SignFunctions.ops, $0) }
