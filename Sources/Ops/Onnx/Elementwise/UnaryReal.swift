import Language
import Tensors

/// Declares element-wise functions of floats, computed in Double and rounded once.
enum UnaryReal {
  @inline(__always)
  static func make(
    _ name: String, _ doc: String, input: String = "X", output: String = "Y", _ params: [Param] = [],
    function: @escaping @Sendable (Double) -> Double
  ) -> Op {
    OnnxOperator.make(name, doc, input, output, params, infer: Inference.like(input)) { call throws(Fault) in
      [map(try call.tensor(input).requireFloat(input), function)]
    }
  }

  /// With functions that depend on attributes.
  @inline(__always)
  static func make(
    _ name: String, _ doc: String, input: String = "X", output: String = "Y", _ params: [Param],
    configured function: @escaping @Sendable (Attributes) -> (Double) -> Double
  ) -> Op {
    OnnxOperator.make(name, doc, input, output, params, infer: Inference.like(input)) { call throws(Fault) in
      [map(try call.tensor(input).requireFloat(input), function(call.attributes))]
    }
  }

  @inline(__always)
  static func map(_ x: Tensor, _ function: (Double) -> Double) -> Tensor {
    x.converted(to: .f64).mapped(Double.self, to: .f64, function).converted(to: x.dtype)
  }
}
