import Language
import Tensors

/// A function of two numbers of any arithmetic.
protocol BinaryNumber: Sendable {
  static func apply<T: Number>(_ a: T, _ b: T) -> T
}

extension BinaryNumber {
  /// The function of two tensors of one element type, stretched over one another.
  static func run(_ a: Tensor, _ b: Tensor, _ names: (String, String) = ("A", "B")) throws(Fault) -> Tensor {
    guard a.dtype == b.dtype else { throw .elementTypes(names.0, a.dtype, names.1, b.dtype) }
    if a.dtype == .f32 { return try Broadcasting.zip(a, b, Float.self, to: .f32) { apply($0, $1) } }
    let (x, y) = (a.widened(), b.widened())
    switch a.dtype.arithmetic {
    case .real: return try Broadcasting.zip(x, y, Double.self, to: .f64) { apply($0, $1) }.narrowed(to: a.dtype)
    case .signed: return try Broadcasting.zip(x, y, Int64.self, to: .i64) { apply($0, $1) }.narrowed(to: a.dtype)
    case .unsigned: return try Broadcasting.zip(x, y, UInt64.self, to: .u64) { apply($0, $1) }.narrowed(to: a.dtype)
    }
  }
}

enum Plus: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.sum(a, b) }
}

enum Minus: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.difference(a, b) }
}

enum Times: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.product(a, b) }
}

enum Over: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.quotient(a, b) }
}

enum Larger: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.larger(a, b) }
}

enum Smaller: BinaryNumber {
  @inline(__always) static func apply<T: Number>(_ a: T, _ b: T) -> T { T.smaller(a, b) }
}
