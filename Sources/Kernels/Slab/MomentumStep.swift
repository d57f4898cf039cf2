/// One step of gradient descent with momentum over a flat slab: g = gradient + decay * value, m = momentum * m + g,
/// value -= rate * m, or with Nesterov's look-ahead value -= rate * (g + momentum * m).
public struct MomentumStep: Sendable, Hashable {
  public var rate: Float
  public var momentum: Float
  public var decay: Float
  public var nesterov: Bool

  public init(rate: Float, momentum: Float = 0, decay: Float = 0, nesterov: Bool = false) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.nesterov = nesterov
  }

  /// Updates `count` values and the velocity, which starts at 0 and may be nil without momentum.
  public func apply(
    count: Int, gradient: UnsafePointer<Float>, value: UnsafeMutablePointer<Float>,
    velocity: UnsafeMutablePointer<Float>?
  ) {
    guard let velocity else {
      for i in 0..<count { value[i] -= rate * (gradient[i] + decay * value[i]) }
      return
    }
    for i in 0..<count {
      let g = gradient[i] + decay * value[i]
      let m = momentum * velocity[i] + g
      velocity[i] = m
      value[i] -= rate * (nesterov ? g + momentum * m : m)
    }
  }
}
