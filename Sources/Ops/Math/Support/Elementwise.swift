import CKernels

/// Functions of one number that the kernel table computes.
enum UnaryFunction: Sendable {
  case exp, log, squareRoot, absolute, negate, square, reciprocal, clip, sign, floor, ceil, round

  var code: Int32 {
    let value =
      switch self {
      case .exp: weft_exp
      case .log: weft_log
      case .squareRoot: weft_sqrt
      case .absolute: weft_abs
      case .negate: weft_neg
      case .square: weft_square
      case .reciprocal: weft_reciprocal
      case .clip: weft_clip
      case .sign: weft_sign
      case .floor: weft_floor
      case .ceil: weft_ceil
      case .round: weft_round
      }
    return Int32(value)
  }
}

/// Functions of two numbers that the kernel table computes; comparisons give 1 or 0.
enum BinaryFunction: String, Sendable {
  case add, subtract, multiply, divide, power, minimum, maximum, equal, less, greater

  var code: Int32 {
    let value =
      switch self {
      case .add: weft_add
      case .subtract: weft_sub
      case .multiply: weft_mul
      case .divide: weft_div
      case .power: weft_pow
      case .minimum: weft_min
      case .maximum: weft_max
      case .equal: weft_equal
      case .less: weft_less
      case .greater: weft_greater
      }
    return Int32(value)
  }
}

/// The table's element-wise loops.
enum Elementwise {
  static func unary(
    _ function: UnaryFunction, _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ a: Float,
    _ b: Float
  ) {
    weft_kernels().pointee.unary(function.code, count, x, y, a, b)
  }

  /// y[i] = function(a[i · aStep], b[i · bStep])
  static func binary(
    _ function: BinaryFunction, _ count: Int, _ a: UnsafePointer<Float>, _ aStep: Int, _ b: UnsafePointer<Float>,
    _ bStep: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    weft_kernels().pointee.binary(function.code, count, a, aStep, b, bStep, y)
  }

  /// y = scale · x + shift
  static func affine(
    _ count: Int, _ x: UnsafePointer<Float>, scale: Float, shift: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    weft_kernels().pointee.affine(count, x, scale, shift, y)
  }

  /// y += alpha · x
  static func accumulate(_ count: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    weft_kernels().pointee.axpy(count, alpha, x, y)
  }
}
