import Language
import Tensors

/// ONNX Equal, Greater, Less (7 to 19) and GreaterOrEqual, LessOrEqual (12 to 16): two tensors of one type, broadcast. Nothing
/// compares with NaN.
enum Comparisons {
  static let ops = [
    make("Equal", "A = B", Equal.self), make("Greater", "A > B", Greater.self), make("Less", "A < B", Less.self),
    make("GreaterOrEqual", "A ≥ B", GreaterOrEqual.self), make("LessOrEqual", "A ≤ B", LessOrEqual.self),
  ]

  private static func make<F: Relation>(_ name: String, _ doc: String, _ relation: F.Type) -> Op {
    OnnxOperator.make(name, doc, "A B", "C", infer: Inference.broadcast("A", "B", to: .bool)) { call throws(Fault) in
      let (a, b) = (try call.tensor("A"), try call.tensor("B"))
      guard a.dtype == b.dtype else { throw .elementTypes("A", a.dtype, "B", b.dtype) }
      if a.dtype == .f32 { return [try compare(a, b, Float.self, F.self)] }
      let (x, y) = (a.widened(), b.widened())
      switch a.dtype.arithmetic {
      case .real: return [try compare(x, y, Double.self, F.self)]
      case .signed: return [try compare(x, y, Int64.self, F.self)]
      case .unsigned: return [try compare(x, y, UInt64.self, F.self)]
      }
    }
  }

  private static func compare<T: Number, F: Relation>(
    _ a: Tensor, _ b: Tensor, _ type: T.Type, _ relation: F.Type
  ) throws(Fault) -> Tensor {
    try Broadcasting.zip(a, b, T.self, to: .bool) { F.holds($0, $1) ? UInt8(1) : 0 }
  }

  private protocol Relation: Sendable {
    static func holds<T: Number>(_ a: T, _ b: T) -> Bool
  }

  private enum Equal: Relation {
    @inline(__always) static func holds<T: Number>(_ a: T, _ b: T) -> Bool { a == b }
  }
  private enum Greater: Relation {
    @inline(__always) static func holds<T: Number>(_ a: T, _ b: T) -> Bool { a > b }
  }
  private enum Less: Relation {
    @inline(__always) static func holds<T: Number>(_ a: T, _ b: T) -> Bool { a < b }
  }
  private enum GreaterOrEqual: Relation {
    @inline(__always) static func holds<T: Number>(_ a: T, _ b: T) -> Bool { a >= b }
  }
  private enum LessOrEqual: Relation {
    @inline(__always) static func holds<T: Number>(_ a: T, _ b: T) -> Bool { a <= b }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Comparisons.ops, $0) }
