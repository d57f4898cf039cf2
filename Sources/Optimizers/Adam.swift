import Glibc
import Language
import Tensors

/// Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980) as `torch.optim.Adam` computes it. With g' = g + decay·x
/// and t the number of the evaluation, from 1:
/// m ← m + (1 − β₁)(g' − m), v ← β₂v + (1 − β₂)g'², x ← x − rate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). With decoupled
/// decay (AdamW; Loshchilov and Hutter 2019) g' = g and x is first multiplied by 1 − rate·decay.
public struct Adam<Scalar: SlabScalar>: Optimizer {
  public struct Rule: Sendable {
    public var rate: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: Double
    public var isDecoupled: Bool

    public init(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
      isDecoupled: Bool = false
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.isDecoupled = isDecoupled
    }
  }

  public private(set) var rule: Rule
  private let count: Int
  private let sweep: Sweep
  private var steps = 0
  private var mean: SharedSlab<Scalar>
  private var square: SharedSlab<Scalar>

  public init(_ rule: Rule, count: Int, sweep: Sweep = .serial) {
    self.rule = rule
    self.count = count
    self.sweep = sweep
    mean = SharedSlab(count: count)
    square = mean
  }

  public var rate: Double {
    get { rule.rate }
    set { rule.rate = newValue }
  }

  public var state: [NamedTensor] {
    [
      ("steps", Tensor(shape: [1], [Int64(steps)])), ("mean", mean.tensor), ("square", square.tensor),
    ]
  }

  public mutating func restore(_ state: [NamedTensor]) throws(Fault) {
    var reader = try StateReader(state, of: "adam")
    let steps = try reader.values("steps", Int64.self, count: 1)[0]
    let mean = SharedSlab<Scalar>(try reader.tensor("mean", Scalar.dtype, count: count))
    let square = SharedSlab<Scalar>(try reader.tensor("square", Scalar.dtype, count: count))
    try reader.finish()
    (self.steps, self.mean, self.square) = (Int(steps), mean, square)
  }

  public mutating func tell(
    loss: Double, gradient: UnsafeBufferPointer<Scalar>, point: UnsafeMutableBufferPointer<Scalar>
  ) -> Outcome {
    precondition(gradient.count == count && point.count == count, "slabs of another length")
    steps += 1
    let update = Update(
      stepSize: rule.rate / (1 - pow(rule.beta1, Double(steps))),
      squareCorrection: (1 - pow(rule.beta2, Double(steps))).squareRoot(), rule: rule)
    let (gradient, point) = (Slab(gradient), Slab(point))
    mean.withMutable { mean in
      square.withMutable { square in
        sweep.run(count) { adapt(point, gradient: gradient, mean: mean, square: square, update, $0) }
      }
    }
    return .proceed
  }

  fileprivate struct Update: Sendable {
    let stepSize: Double
    let squareCorrection: Double
    let rule: Rule
  }
}

extension OptimizerMethod {
  public static let adam = method(
    "adam", doc: "Adam: steps scaled by running averages of the gradient and of its square.",
    decay: Param("weight_decay", .number(.natural), default: .float(0), "Pull towards zero, added to the gradient."),
    isDecoupled: false)

  public static let adamw = method(
    "adamw", doc: "Adam with decoupled weight decay.",
    decay: Param(
      "weight_decay", .number(.natural), default: .float(0.01), "Pull towards zero, in proportion to the rate."),
    isDecoupled: true)

  private static func method(_ name: String, doc: String, decay: Param, isDecoupled: Bool) -> OptimizerMethod {
    OptimizerMethod(
      name, doc: doc,
      params: [
        Param("lr", .number(.natural), default: .float(1e-3), "Learning rate: about the size of a step."),
        Param(
          "betas", .numbers(0...1.0.nextDown, counts: [2]), default: .array([.float(0.9), .float(0.999)]),
          "Share kept of the average gradient and of the average square; below 1."),
        Param("eps", .number(.natural), default: .float(1e-8), "Added to the root of the average square."),
        decay,
      ], slabs: { _, _ in 2 }
    ) { settings, count, sweep in
      let betas = settings.numbers("betas")
      let rule = Adam<Float>.Rule(
        rate: settings.number("lr"), beta1: betas[0], beta2: betas[1], epsilon: settings.number("eps"),
        weightDecay: settings.number("weight_decay"), isDecoupled: isDecoupled)
      return Adam(rule, count: count, sweep: sweep)
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
private func adapt<T: SlabScalar>(
  _ point: Slab<T>, gradient: Slab<T>, mean: Slab<T>, square: Slab<T>, _ update: Adam<T>.Update, _ range: Range<Int>
) {
  let rule = update.rule
  let (size, epsilon) = (T(update.stepSize), T(rule.epsilon))
  let decay = T(rule.isDecoupled ? 0 : rule.weightDecay)
  let shrink = T(rule.isDecoupled ? 1 - rule.rate * rule.weightDecay : 1)
  let (keep, take, correction) = (T(rule.beta2), T(1 - rule.beta2), T(update.squareCorrection))
  // The interpolation starts from the nearer end, which keeps the rounding error small for any weight.
  let (weight, fromMean) = (T(1 - rule.beta1), 1 - rule.beta1 < 0.5)
  for index in range {
    let place = point.start[index]
    let slope = gradient.start[index] + decay * place
    let old = mean.start[index]
    let average = fromMean ? old + weight * (slope - old) : slope - (slope - old) * (1 - weight)
    mean.start[index] = average
    let power = square.start[index] * keep + take * slope * slope
    square.start[index] = power
    point.start[index] = place * shrink - size * average / (power.squareRoot() / correction + epsilon)
  }
}
