/// The element type of a tensor.
public enum DType: String, Sendable, Hashable, CaseIterable {
  case f16, bf16, f32, f64
  case i8, i16, i32, i64
  case u8, u16, u32, u64
  case bool

  /// Bytes of one element; `bool` takes one byte, 0 or 1.
  public var size: Int {
    switch self {
    case .i8, .u8, .bool: 1
    case .f16, .bf16, .i16, .u16: 2
    case .f32, .i32, .u32: 4
    case .f64, .i64, .u64: 8
    }
  }

  public var isFloat: Bool { self == .f32 || self == .f64 || self == .f16 || self == .bf16 }
}

/// A Swift type whose memory is exactly one element of a `DType`.
public protocol Element: Sendable, BitwiseCopyable {
  static var dtype: DType { get }
}

extension Float16: Element { public static var dtype: DType { .f16 } }
extension Float: Element { public static var dtype: DType { .f32 } }
extension Double: Element { public static var dtype: DType { .f64 } }
extension Int8: Element { public static var dtype: DType { .i8 } }
extension Int16: Element { public static var dtype: DType { .i16 } }
extension Int32: Element { public static var dtype: DType { .i32 } }
extension Int64: Element { public static var dtype: DType { .i64 } }
extension UInt8: Element { public static var dtype: DType { .u8 } }
extension UInt16: Element { public static var dtype: DType { .u16 } }
extension UInt32: Element { public static var dtype: DType { .u32 } }
extension UInt64: Element { public static var dtype: DType { .u64 } }
