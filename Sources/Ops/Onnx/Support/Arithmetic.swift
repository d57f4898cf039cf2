import Glibc
import Tensors

/// The three arithmetics in which operators compute: every element type is widened to one of them without loss.
enum Arithmetic {
  /// Double, for the floats.
  case real
  /// Int64, for the signed integers.
  case signed
  /// UInt64, for the unsigned integers and bool.
  case unsigned

  var dtype: DType {
    switch self {
    case .real: .f64
    case .signed: .i64
    case .unsigned: .u64
    }
  }
}

extension DType {
  var arithmetic: Arithmetic {
    switch self {
    case .f16, .bf16, .f32, .f64: .real
    case .i8, .i16, .i32, .i64: .signed
    case .u8, .u16, .u32, .u64, .bool: .unsigned
    }
  }

  /// A number rounded to this 16-bit type; wider types are left alone.
  @inline(__always)
  func rounded(_ x: Double) -> Double {
    switch self {
    case .f16: return Double(Float16(x))
    case .bf16:
      let near = Float(x)
      guard near.isFinite else { return Double(near) }
      let bits = near.bitPattern
      return Double(Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000))
    default: return x
    }
  }

  var isInteger: Bool { !isFloat && self != .bool }
}

/// Numbers of one arithmetic. Integers wrap around at 64 bits; cut to fewer bits afterwards, sums, differences and products
/// are those of the narrow type.
protocol Number: Element, Comparable {
  static var zero: Self { get }
  static var one: Self { get }
  static func sum(_ a: Self, _ b: Self) -> Self
  static func difference(_ a: Self, _ b: Self) -> Self
  static func product(_ a: Self, _ b: Self) -> Self
  /// Integers are cut off towards zero; an integer divided by zero is 0 (ONNX leaves it undefined).
  static func quotient(_ a: Self, _ b: Self) -> Self
  /// Of the division towards zero; NaN, or 0 for integers, where b is 0.
  static func remainder(_ a: Self, _ b: Self) -> Self
  static func negated(_ x: Self) -> Self
  static func magnitude(_ x: Self) -> Self
  init(real: Double)
  var real: Double { get }
  var isNaN: Bool { get }
}

extension Number {
  /// The larger; NaN if either is.
  @inline(__always)
  static func larger(_ a: Self, _ b: Self) -> Self { a.isNaN ? a : b.isNaN || b > a ? b : a }

  @inline(__always)
  static func smaller(_ a: Self, _ b: Self) -> Self { a.isNaN ? a : b.isNaN || b < a ? b : a }
}

extension Double: Number {
  static var one: Double { 1 }
  @inline(__always) static func sum(_ a: Double, _ b: Double) -> Double { a + b }
  @inline(__always) static func difference(_ a: Double, _ b: Double) -> Double { a - b }
  @inline(__always) static func product(_ a: Double, _ b: Double) -> Double { a * b }
  @inline(__always) static func quotient(_ a: Double, _ b: Double) -> Double { a / b }
  @inline(__always) static func negated(_ x: Double) -> Double { -x }
  @inline(__always) static func magnitude(_ x: Double) -> Double { x.magnitude }
  static func remainder(_ a: Double, _ b: Double) -> Double { fmod(a, b) }
  init(real: Double) { self = real }
  var real: Double { self }
}

extension Float: Number {
  static var one: Float { 1 }
  @inline(__always) static func sum(_ a: Float, _ b: Float) -> Float { a + b }
  @inline(__always) static func difference(_ a: Float, _ b: Float) -> Float { a - b }
  @inline(__always) static func product(_ a: Float, _ b: Float) -> Float { a * b }
  @inline(__always) static func quotient(_ a: Float, _ b: Float) -> Float { a / b }
  @inline(__always) static func negated(_ x: Float) -> Float { -x }
  @inline(__always) static func magnitude(_ x: Float) -> Float { x.magnitude }
  static func remainder(_ a: Float, _ b: Float) -> Float { fmodf(a, b) }
  init(real: Double) { self = Float(real) }
  var real: Double { Double(self) }
}

extension Int64: Number {
  static var one: Int64 { 1 }
  @inline(__always) static func sum(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
  @inline(__always) static func difference(_ a: Int64, _ b: Int64) -> Int64 { a &- b }
  @inline(__always) static func product(_ a: Int64, _ b: Int64) -> Int64 { a &* b }
  @inline(__always) static func quotient(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
  }
  @inline(__always) static func negated(_ x: Int64) -> Int64 { 0 &- x }
  @inline(__always) static func magnitude(_ x: Int64) -> Int64 { x < 0 ? 0 &- x : x }
  static func remainder(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? 0 : a.remainderReportingOverflow(dividingBy: b).partialValue
  }
  init(real: Double) { self = real.isNaN ? 0 : Int64(exactly: real.rounded(.towardZero)) ?? (real < 0 ? .min : .max) }
  var real: Double { Double(self) }
  var isNaN: Bool { false }
}

extension UInt64: Number {
  static var one: UInt64 { 1 }
  @inline(__always) static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 { a &+ b }
  @inline(__always) static func difference(_ a: UInt64, _ b: UInt64) -> UInt64 { a &- b }
  @inline(__always) static func product(_ a: UInt64, _ b: UInt64) -> UInt64 { a &* b }
  @inline(__always) static func quotient(_ a: UInt64, _ b: UInt64) -> UInt64 { b == 0 ? 0 : a / b }
  @inline(__always) static func negated(_ x: UInt64) -> UInt64 { 0 &- x }
  @inline(__always) static func magnitude(_ x: UInt64) -> UInt64 { x }
  static func remainder(_ a: UInt64, _ b: UInt64) -> UInt64 { b == 0 ? 0 : a % b }
  init(real: Double) { self = real.isNaN ? 0 : UInt64(exactly: real.rounded(.towardZero)) ?? (real < 0 ? .min : .max) }
  var real: Double { Double(self) }
  var isNaN: Bool { false }
}
