import Language
import Tensors

/// ONNX Shrink (9): x + bias below −lambd, x − bias above lambd, 0 between; of all numbers, computed in Double.
enum Shrink {
  static let op = OnnxOperator.make(
    "Shrink", "Moves x towards 0 by bias, and to 0 where it is within ±lambd.", "input", "output",
    [.attribute("bias", float: 0), .attribute("lambd", float: 0.5)], infer: Inference.like("input")
  ) { call throws(Fault) in
    let x = try call.tensor("input")
    let (bias, bound) = (call.attributes.number("bias"), call.attributes.number("lambd"))
    let result = x.converted(to: .f64).mapped(Double.self, to: .f64) { (x: Double) in
      x < -bound ? x + bias : x > bound ? x - bias : 0
    }
    return [result.narrowed(to: x.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Shrink.op, $0) }
