import Language
import Tensors

/// ONNX Add, Sub, Mul and Div (versions 7 to 14): two tensors of one type, broadcast. Integers wrap around; integer
/// division cuts off towards zero.
enum BasicArithmetic {
  static let ops = [
    make("Add", "A + B", Plus.self), make("Sub", "A - B", Minus.self), make("Mul", "A × B", Times.self),
    make("Div", "A / B", Over.self),
  ]

  private static func make<F: BinaryNumber>(_ name: String, _ doc: String, _ function: F.Type) -> Op {
    OnnxOperator.make(name, doc, "A B", "C", infer: Inference.broadcast("A", "B")) { call throws(Fault) in
      [try F.run(try call.tensor("A"), try call.tensor("B"))]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(BasicArithmetic.ops, $0) }
