import Language
import Tensors

/// ONNX BitShift (11 to 28). Shifts to the right keep the sign of signed integers; shifting by a negative amount or by all
/// bits leaves nothing but the sign.
enum BitShift {
  static let op = OnnxOperator.make(
    "BitShift", "X moved by Y bits.", "X Y", "Z", [.attribute(required: "direction", words: ["LEFT", "RIGHT"])],
    infer: Inference.broadcast("X", "Y")
  ) { call throws(Fault) in
    let (x, y) = (try call.tensor("X"), try call.tensor("Y"))
    guard x.dtype.isInteger else { throw .elementType("X", x.dtype, "integers") }
    guard x.dtype == y.dtype else { throw .elementTypes("X", x.dtype, "Y", y.dtype) }
    let isLeft = call.attributes.string("direction") == "LEFT"
    let (wide, amount) = (x.widened(), y.widened())
    if x.dtype.arithmetic == .signed {
      return [
        try Broadcasting.zip(wide, amount, Int64.self, to: .i64) {
          shift($0, $1 < 0 || $1 > 64 ? 64 : Int($1), isLeft)
        }.narrowed(to: x.dtype)
      ]
    }
    return [
      try Broadcasting.zip(wide, amount, UInt64.self, to: .u64) { shift($0, Int(min($1, 64)), isLeft) }
        .narrowed(to: x.dtype)
    ]
  }

  /// Swift's shifts past the end give 0 or the sign.
  private static func shift<T: FixedWidthInteger>(_ value: T, _ amount: Int, _ isLeft: Bool) -> T {
    isLeft ? value << amount : value >> amount
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BitShift.op, $0) }
