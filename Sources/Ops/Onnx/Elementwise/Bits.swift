import Language
import Tensors

/// ONNX BitwiseAnd, BitwiseOr, BitwiseXor and BitwiseNot (18) of integers, broadcast.
enum Bits {
  static let ops = [
    make("BitwiseAnd", "A and B, bit by bit.", And.self), make("BitwiseOr", "A or B, bit by bit.", Or.self),
    make("BitwiseXor", "A or B but not both, bit by bit.", Xor.self),
    OnnxOperator.make("BitwiseNot", "Every bit changed.", "X", "Y", infer: Inference.like("X")) { call throws(Fault) in
      let x = try call.tensor("X")
      guard x.dtype.isInteger else { throw .elementType("X", x.dtype, "integers") }
      return [x.widened().narrowed(to: .i64).mapped(Int64.self, to: .i64) { (x: Int64) in ~x }.narrowed(to: x.dtype)]
    },
  ]

  private static func make<F: BitFunction>(_ name: String, _ doc: String, _ function: F.Type) -> Op {
    OnnxOperator.make(name, doc, "A B", "C", infer: Inference.broadcast("A", "B")) { call throws(Fault) in
      let (a, b) = (try call.tensor("A"), try call.tensor("B"))
      guard a.dtype.isInteger else { throw .elementType("A", a.dtype, "integers") }
      guard a.dtype == b.dtype else { throw .elementTypes("A", a.dtype, "B", b.dtype) }
      switch a.dtype.size {
      case 1: return [try Broadcasting.zip(a, b, UInt8.self, to: a.dtype) { F.apply($0, $1) }]
      case 2: return [try Broadcasting.zip(a, b, UInt16.self, to: a.dtype) { F.apply($0, $1) }]
      case 4: return [try Broadcasting.zip(a, b, UInt32.self, to: a.dtype) { F.apply($0, $1) }]
      default: return [try Broadcasting.zip(a, b, UInt64.self, to: a.dtype) { F.apply($0, $1) }]
      }
    }
  }

  private protocol BitFunction: Sendable {
    static func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T
  }

  private enum And: BitFunction {
    @inline(__always) static func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a & b }
  }
  private enum Or: BitFunction {
    @inline(__always) static func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a | b }
  }
  private enum Xor: BitFunction {
    @inline(__always) static func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a ^ b }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Bits.ops, $0) }
