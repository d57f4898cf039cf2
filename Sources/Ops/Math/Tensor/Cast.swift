import Language
import Tensors

/// Elements of another type.
public enum Cast {
  public static let op: Op = Op(
    "tensor.cast",
    doc: """
      Converts the elements. To whole numbers the fraction is cut off and what does not fit is clamped, NaN becoming 0; \
      to bool anything but 0 is 1. Between f32 and f32 it is differentiable.
      """,
    inputs: Movement.inputs, outputs: [Port("y", "tensor", .one, "The shape of x.")],
    params: [
      Param(
        "dtype", .choice(DType.allCases.filter { $0 != .bf16 }.map(\.rawValue)), default: .string("f32"),
        "The new element type.")
    ],
    infer: { facts throws(Fault) in
      if facts.tensor("x").dtype == .bf16 { throw .type("x holds bf16, which only weight files do") }
      let dtype = DType(rawValue: facts.attributes.string("dtype"))!
      return [.tensor(TensorType(dtype: dtype, shape: facts.shape("x"), meaning: facts.tensor("x").meaning))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          // A cotangent reaches an f32 operand only through an f32 result.
          emitter.region.concrete(adjoint.result()).dtype == .f32 ? [adjoint.cotangent] : [nil]
        },
        batch: .pointwise,
        select: { site throws(Fault) in
          if site.operand(0).dtype == site.result.dtype { return [Movement.copy(site)] }
          let chunking = Chunking(count: site.result.count, unitCost: 4)
          let (from, to) = (site.operand(0).dtype, site.result.dtype)
          return [
            Choice("convert", chunks: chunking.chunks) { call in
              read(from, call, to, chunking.range(call.chunk))
            }
          ]
        })))

  private static func read(_ from: DType, _ call: KernelCall, _ to: DType, _ range: Range<Int>) {
    switch from {
    case .f16: write(Float16.self, call, to, range) { Double($0) }
    case .f32: write(Float.self, call, to, range) { Double($0) }
    case .f64: write(Double.self, call, to, range) { $0 }
    case .i8: write(Int8.self, call, to, range) { Double($0) }
    case .i16: write(Int16.self, call, to, range) { Double($0) }
    case .i32: write(Int32.self, call, to, range) { Double($0) }
    case .i64: write(Int64.self, call, to, range) { Double($0) }
    case .u8: write(UInt8.self, call, to, range) { Double($0) }
    case .u16: write(UInt16.self, call, to, range) { Double($0) }
    case .u32: write(UInt32.self, call, to, range) { Double($0) }
    case .u64: write(UInt64.self, call, to, range) { Double($0) }
    case .bool: write(UInt8.self, call, to, range) { $0 == 0 ? 0 : 1 }
    case .bf16: preconditionFailure("bf16 is refused by the shape rule")
    }
  }

  @inline(__always)
  private static func write<T>(
    _ type: T.Type, _ call: KernelCall, _ to: DType, _ range: Range<Int>, _ value: (T) -> Double
  ) {
    let x = call.operands[0].assumingMemoryBound(to: T.self)
    switch to {
    case .f16: each(x, call, range, value) { Float16($0) }
    case .f32: each(x, call, range, value) { Float($0) }
    case .f64: each(x, call, range, value) { $0 }
    case .i8: each(x, call, range, value) { whole($0) as Int8 }
    case .i16: each(x, call, range, value) { whole($0) as Int16 }
    case .i32: each(x, call, range, value) { whole($0) as Int32 }
    case .i64: each(x, call, range, value) { whole($0) as Int64 }
    case .u8: each(x, call, range, value) { whole($0) as UInt8 }
    case .u16: each(x, call, range, value) { whole($0) as UInt16 }
    case .u32: each(x, call, range, value) { whole($0) as UInt32 }
    case .u64: each(x, call, range, value) { whole($0) as UInt64 }
    case .bool: each(x, call, range, value) { $0 == 0 ? 0 as UInt8 : 1 }
    case .bf16: preconditionFailure("bf16 is not among the choices")
    }
  }

  @inline(__always)
  private static func each<T, U>(
    _ x: UnsafePointer<T>, _ call: KernelCall, _ range: Range<Int>, _ value: (T) -> Double, _ convert: (Double) -> U
  ) {
    let y = call.results[0].assumingMemoryBound(to: U.self)
    for index in range { y[index] = convert(value(x[index])) }
  }

  private static func whole<T: FixedWidthInteger>(_ value: Double) -> T {
    if value.isNaN { return 0 }
    if value <= Double(T.min) { return T.min }
    return value >= Double(T.max) ? T.max : T(value)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Cast.op, $0) }
