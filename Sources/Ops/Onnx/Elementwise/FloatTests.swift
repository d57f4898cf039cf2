import Language
import Tensors

/// ONNX IsNaN (9 to 20) and IsInf (10 to 20).
enum FloatTests {
  static let ops = [
    OnnxOperator.make(
      "IsNaN", "Whether x is not a number.", "X", "Y", infer: Inference.like("X", .bool)
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X").converted(to: .f64)
      return [x.mapped(Double.self, to: .bool) { (x: Double) in x.isNaN ? UInt8(1) : 0 }]
    },
    OnnxOperator.make(
      "IsInf", "Whether x is infinite.", "X", "Y", [.flag("detect_negative", 1), .flag("detect_positive", 1)],
      infer: Inference.like("X", .bool)
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X").converted(to: .f64)
      let (negative, positive) = (call.flag("detect_negative"), call.flag("detect_positive"))
      return [
        x.mapped(Double.self, to: .bool) { (x: Double) in
          x == .infinity && positive || x == -.infinity && negative ? UInt8(1) : 0
        }
      ]
    },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(FloatTests.ops, $0) }
