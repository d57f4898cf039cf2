import Language
import Tensors

/// Gradient descent with optional momentum, as `torch.optim.SGD` computes it: g' = g + decay·x; without momentum
/// x ← x − rate·g'; with it v ← momentum·v + g' (v = g' at first) and x ← x − rate·v, or, after Nesterov,
/// x ← x − rate·(g' + momentum·v).
public struct SGD<Scalar: SlabScalar>: Optimizer {
  public struct Rule: Sendable {
    public var rate: Double
    public var momentum: Double
    public var nesterov: Bool
    public var weightDecay: Double

    public init(rate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) {
      self.rate = rate
      self.momentum = momentum
      self.nesterov = nesterov
      self.weightDecay = weightDecay
    }
  }

  public private(set) var rule: Rule
  private let count: Int
  private let sweep: Sweep
  private var steps = 0
  /// Empty without momentum.
  private var velocity: [Scalar]

  public init(_ rule: Rule, count: Int, sweep: Sweep = .serial) {
    self.rule = rule
    self.count = count
    self.sweep = sweep
    velocity = Array(repeating: 0, count: rule.momentum == 0 ? 0 : count)
  }

  public var rate: Double {
    get { rule.rate }
    set { rule.rate = newValue }
  }

  public var state: [NamedTensor] {
    [("steps", Tensor(shape: [1], [Int64(steps)]))]
      + (velocity.isEmpty ? [] : [("velocity", Tensor(shape: [count], velocity))])
  }

  public mutating func restore(_ state: [NamedTensor]) throws(Fault) {
    var reader = try StateReader(state, of: "sgd")
    let steps = try reader.values("steps", Int64.self, count: 1)[0]
    let velocity = self.velocity.isEmpty ? [] : try reader.values("velocity", Scalar.self, count: count)
    try reader.finish()
    self.steps = Int(steps)
    self.velocity = velocity
  }

  public mutating func tell(
    loss: Double, gradient: UnsafeBufferPointer<Scalar>, point: UnsafeMutableBufferPointer<Scalar>
  ) -> Outcome {
    precondition(gradient.count == count && point.count == count, "slabs of another length")
    let (gradient, point, rule, first) = (Slab(gradient), Slab(point), rule, steps == 0)
    velocity.withUnsafeMutableBufferPointer { memory in
      let velocity = memory.isEmpty ? nil : Slab(memory)
      sweep.run(count) { descend(point, gradient: gradient, velocity: velocity, first: first, rule, $0) }
    }
    steps += 1
    return .proceed
  }
}

extension OptimizerMethod {
  public static let sgd = OptimizerMethod(
    "sgd", doc: "Gradient descent, with momentum if asked for.",
    params: [
      Param("lr", .number(.natural), "Learning rate: how far along the negative gradient."),
      Param("momentum", .number(0...1), default: .float(0), "Share of the last update that is kept."),
      Param("nesterov", .bool, default: .bool(false), "Look ahead along the momentum."),
      Param("weight_decay", .number(.natural), default: .float(0), "Pull towards zero, added to the gradient."),
    ], slabs: { settings, _ in settings.number("momentum") == 0 ? 0 : 1 }
  ) { settings, count, sweep in
    let rule = SGD<Float>.Rule(
      rate: settings.number("lr"), momentum: settings.number("momentum"), nesterov: settings.bool("nesterov"),
      weightDecay: settings.number("weight_decay"))
    return SGD(rule, count: count, sweep: sweep)
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
private func descend<T: SlabScalar>(
  _ point: Slab<T>, gradient: Slab<T>, velocity: Slab<T>?, first: Bool, _ rule: SGD<T>.Rule, _ range: Range<Int>
) {
  let (rate, decay, momentum) = (T(rule.rate), T(rule.weightDecay), T(rule.momentum))
  for index in range {
    var slope = gradient.start[index] + decay * point.start[index]
    if let velocity {
      let speed = first ? slope : momentum * velocity.start[index] + slope
      velocity.start[index] = speed
      slope = rule.nesterov ? slope + momentum * speed : speed
    }
    point.start[index] -= rate * slope
  }
}
