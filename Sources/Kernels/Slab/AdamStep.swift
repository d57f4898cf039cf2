import CKernels

/// One step of Adam over a flat slab, fused in one pass (Kingma and Ba, "Adam", ICLR 2015).
public struct AdamStep: Sendable, Hashable {
  public var rate: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// Decoupled weight decay (AdamW): values shrink by rate * decay first.
  public var decay: Float
  /// The number of this step, from 1.
  public var step: Int

  public init(
    rate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0, step: Int
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.step = step
  }

  /// Updates `count` values and both moments, which start at 0.
  public func apply(
    count: Int, gradient: UnsafePointer<Float>, value: UnsafeMutablePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) {
    let settings = weft_adam(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: 1 - rate * decay,
      correction1: Self.correction(beta1, step), correction2: Self.correction(beta2, step))
    weft_kernels().pointee.adam(count, settings, gradient, value, first, second)
  }

  /// 1 / (1 - beta^step), in Double.
  static func correction(_ beta: Float, _ step: Int) -> Float {
    var power = 1.0
    var (base, exponent) = (Double(beta), step)
    while exponent > 0 {
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return Float(1 / (1 - power))
  }
}
