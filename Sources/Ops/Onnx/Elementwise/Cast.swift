import Language
import Tensors

/// ONNX Cast (6 to 28) and CastLike (15 to 25). Floats are rounded once; integers keep their low bits. Where ONNX leaves the
/// result undefined (a float outside the range of an integer type), it is the nearest bound, and NaN becomes 0.
/// `saturate` and `round_mode` speak of 8-bit floats only, which are refused.
enum Cast {
  static let ops = [
    OnnxOperator.make(
      "Cast", "The numbers as another element type.", "input", "output",
      [
        .attribute(required: "to"), .flag("saturate", 1),
        .attribute("round_mode", words: ["up", "down", "nearest"]),
      ],
      infer: { facts throws(Fault) in
        guard let dtype = DType(onnx: facts.attributes.int("to")) else {
          throw .elementCode("to", facts.attributes.int("to"))
        }
        return [Inference.tensor(dtype, facts.tensor("input").shape)]
      }
    ) { call throws(Fault) in
      guard let target = try call.dtype("to") else { throw .elementCode("to", 0) }
      return [convert(try call.tensor("input"), to: target)]
    },
    OnnxOperator.make(
      "CastLike", "The numbers as the element type of another tensor.", "input target_type", "output",
      [.flag("saturate", 1), .attribute("round_mode", words: ["up", "down", "nearest"])],
      infer: { facts throws(Fault) in
        [Inference.tensor(facts.tensor("target_type").dtype, facts.tensor("input").shape)]
      }
    ) { call throws(Fault) in [convert(try call.tensor("input"), to: try call.tensor("target_type").dtype)] },
  ]

  static func convert(_ x: Tensor, to target: DType) -> Tensor {
    x.dtype.isFloat ? x.converted(to: target) : x.widened().narrowed(to: target)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Cast.ops, $0) }
