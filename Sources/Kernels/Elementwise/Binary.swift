import CKernels

/// Element-wise functions of two arguments; comparisons give 1 or 0.
public enum Binary: Int32, Sendable, Hashable, CaseIterable {
  case add
  case subtract
  case multiply
  case divide
  case power
  case minimum
  case maximum
  case equal
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  case notEqual

  /// Whether f(0, 0) = 0.
  public var keepsZero: Bool {
    var (x, z): (Float, Float) = (0, 1)
    apply(count: 1, x: &x, y: &x, z: &z)
    return z == 0
  }

  /// z[i] = f(x[i * xStep], y[i * yStep]); a step of 0 repeats a scalar. z may be x or y where that has step 1.
  public func apply(
    count: Int, x: UnsafePointer<Float>, xStep: Int = 1, y: UnsafePointer<Float>, yStep: Int = 1,
    z: UnsafeMutablePointer<Float>
  ) { weft_kernels().pointee.binary(rawValue, count, x, xStep, y, yStep, z) }
}
