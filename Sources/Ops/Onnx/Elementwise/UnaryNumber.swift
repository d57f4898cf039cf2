import Language
import Tensors

/// A function of one number of any arithmetic.
protocol UnaryNumber: Sendable {
  static func apply<T: Number>(_ x: T) -> T
}

extension UnaryNumber {
  static func run(_ x: Tensor) -> Tensor {
    if x.dtype == .f32 { return x.mapped(Float.self, to: .f32) { apply($0) } }
    let wide = x.widened()
    return switch x.dtype.arithmetic {
    case .real: wide.mapped(Double.self, to: .f64) { apply($0) }.narrowed(to: x.dtype)
    case .signed: wide.mapped(Int64.self, to: .i64) { apply($0) }.narrowed(to: x.dtype)
    case .unsigned: wide.mapped(UInt64.self, to: .u64) { apply($0) }.narrowed(to: x.dtype)
    }
  }

  static func op(_ name: String, _ doc: String, input: String = "X", output: String = "Y") -> Op {
    OnnxOperator.make(name, doc, input, output, infer: Inference.like(input)) { call throws(Fault) in
      [run(try call.tensor(input))]
    }
  }
}
