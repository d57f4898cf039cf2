import Language
import Tensors

/// ONNX And, Or, Xor (7) and Not (1), of booleans, broadcast.
enum Logic {
  static let ops = [
    make("And", "A and B") { $0 & $1 }, make("Or", "A or B") { $0 | $1 },
    make("Xor", "A or B, but not both") { $0 ^ $1 },
    OnnxOperator.make("Not", "not X", "X", "Y", infer: Inference.like("X", .bool)) { call throws(Fault) in
      let x = try call.tensor("X")
      guard x.dtype == .bool else { throw .elementType("X", x.dtype, "bool") }
      return [x.mapped(UInt8.self, to: .bool) { (x: UInt8) in x ^ 1 }]
    },
  ]

  @inline(__always)
  private static func make(
    _ name: String, _ doc: String, _ function: @escaping @Sendable (UInt8, UInt8) -> UInt8
  ) -> Op {
    OnnxOperator.make(name, doc, "A B", "C", infer: Inference.broadcast("A", "B", to: .bool)) { call throws(Fault) in
      let (a, b) = (try call.tensor("A"), try call.tensor("B"))
      guard a.dtype == .bool else { throw .elementType("A", a.dtype, "bool") }
      guard b.dtype == .bool else { throw .elementType("B", b.dtype, "bool") }
      return [try Broadcasting.zip(a, b, UInt8.self, to: .bool, function)]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Logic.ops, $0) }
