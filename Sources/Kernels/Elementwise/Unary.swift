import CKernels

/// Element-wise functions of one argument, with up to two parameters `a` and `b`.
public enum Unary: Int32, Sendable, Hashable, CaseIterable {
  case relu
  /// a * x below 0.
  case leakyReLU
  /// a * (e^x - 1) below 0.
  case elu
  case sigmoid
  case tanh
  case exp
  case log
  case sqrt
  case abs
  case negate
  case square
  case reciprocal
  /// Limited to a...b; the gradient passes at both ends.
  case clip
  case softplus
  case sign
  case floor
  case ceil
  /// To the nearest integer, halves to the even one.
  case round
  case erf
  /// x * Phi(x).
  case gelu
  /// The approximation of `gelu` by a hyperbolic tangent.
  case geluTanh
  /// a * x + b limited to 0...1; ONNX has a = 0.2, b = 0.5, PyTorch a = 1 / 6.
  case hardSigmoid
  /// x * (x / 6 + 0.5 limited to 0...1).
  case hardSwish
  case silu

  /// What the gradient reads; `neither` for linear and piecewise constant functions.
  public enum Needs: Sendable { case input, output, neither }

  public var gradientNeeds: Needs {
    switch self {
    case .relu, .sigmoid, .tanh, .exp, .sqrt, .reciprocal, .hardSigmoid: .output
    case .negate, .sign, .floor, .ceil, .round: .neither
    default: .input
    }
  }

  /// Whether f(0) = 0.
  public func keepsZero(a: Float = 0, b: Float = 0) -> Bool {
    var (x, y): (Float, Float) = (0, 1)
    forward(count: 1, x: &x, y: &y, a: a, b: b)
    return y == 0
  }

  /// y[i] = f(x[i]), i in 0..<count; x and y may be the same.
  public func forward(
    count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, a: Float = 0, b: Float = 0
  ) { weft_kernels().pointee.unary(rawValue, count, x, y, a, b) }

  /// dx[i] = dy[i] * f'(x[i]), where y = f(x); only the one that `gradientNeeds` names is read. dx may be dy.
  public func gradient(
    count: Int, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, a: Float = 0, b: Float = 0
  ) { weft_kernels().pointee.unary_gradient(rawValue, count, x, y, dy, dx, a, b) }
}
