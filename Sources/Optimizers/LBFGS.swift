import Language
import Tensors

/// Limited-memory BFGS without line search: the evaluations, in their order, of `torch.optim.LBFGS` whose `step` is
/// called again and again; how a direction comes from the history is said at `PairHistory`.
///
/// One step of the reference is up to `iterationsPerStep` iterations. It begins with an evaluation, even where the
/// step before has just evaluated the same point; each iteration moves by the step length along the direction and
/// evaluates again, except that the last iteration of a step leaves its evaluation to the next step.
/// An iteration updates the history with the pair s = length·direction, y = difference of gradients if y·s > 1e-10;
/// the initial inverse Hessian is y·s/y·y of the newest pair. The step length is `rate`, in the very first iteration
/// min(1, 1/‖g‖₁)·rate.
public struct LBFGS<Scalar: SlabScalar>: Optimizer {
  public struct Rule: Sendable {
    public var rate: Double
    public var history: Int
    public var iterationsPerStep: Int
    /// A step ends as soon as it has made this many evaluations.
    public var evaluationsPerStep: Int
    public var gradientTolerance: Double
    public var changeTolerance: Double

    /// `evaluationsPerStep` nil stands for 5/4 of the iterations, rounded down.
    public init(
      rate: Double = 1, history: Int = 100, iterationsPerStep: Int = 20, evaluationsPerStep: Int? = nil,
      gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9
    ) {
      self.rate = rate
      self.history = history
      self.iterationsPerStep = iterationsPerStep
      self.evaluationsPerStep = evaluationsPerStep ?? iterationsPerStep * 5 / 4
      self.gradientTolerance = gradientTolerance
      self.changeTolerance = changeTolerance
    }
  }

  public private(set) var rule: Rule
  private let count: Int
  private let sweep: Sweep

  /// Iterations since the beginning.
  private var iterations = 0
  /// Iterations and evaluations in this step; no evaluations means that the next one begins a step.
  private var stepIterations = 0
  private var stepEvaluations = 0
  private var length = 0.0
  private var previousLoss = 0.0
  /// Largest component of the last move.
  private var lastMove = 0.0
  private var direction: SharedSlab<Scalar>
  private var previousGradient: SharedSlab<Scalar>
  private var history: PairHistory<Scalar>

  public init(_ rule: Rule, count: Int, sweep: Sweep = .serial) {
    precondition(rule.iterationsPerStep >= 1 && rule.history >= 1, "a step needs an iteration and a history")
    self.rule = rule
    self.count = count
    self.sweep = sweep
    direction = SharedSlab(count: count)
    previousGradient = direction
    history = PairHistory(limit: rule.history)
  }

  public mutating func tell(
    loss: Double, gradient: UnsafeBufferPointer<Scalar>, point: UnsafeMutableBufferPointer<Scalar>
  ) -> Outcome {
    precondition(gradient.count == count && point.count == count, "slabs of another length")
    let gradient = Slab(gradient)
    let norm = sweep.fold(count, Passes.Magnitude(), { Passes.magnitude(gradient, $0) }, +)
    if stepEvaluations == 0 {
      if norm.largest <= rule.gradientTolerance { return .settled(.gradient) }
      stepIterations = 0
      stepEvaluations = 1
    } else {
      stepEvaluations += 1
      if stepEvaluations >= rule.evaluationsPerStep { return endStep(.proceed) }
      if norm.largest <= rule.gradientTolerance { return endStep(.settled(.gradient)) }
      if lastMove <= rule.changeTolerance { return endStep(.settled(.move)) }
      if abs(loss - previousLoss) < rule.changeTolerance { return endStep(.settled(.loss)) }
    }
    return iterate(loss, gradient, norm, Slab(point))
  }

  private mutating func endStep(_ outcome: Outcome) -> Outcome {
    stepEvaluations = 0
    return outcome
  }

  private mutating func iterate(
    _ loss: Double, _ gradient: Slab<Scalar>, _ norm: Passes.Magnitude, _ point: Slab<Scalar>
  ) -> Outcome {
    iterations += 1
    stepIterations += 1
    if iterations > 1 { remember(gradient) }
    let (count, sweep) = (count, sweep)
    var slope = 0.0
    direction.withMutable { slope = history.direct($0, gradient: gradient, sweep) }
    previousGradient.withMutable { $0.start.update(from: gradient.start, count: count) }
    previousLoss = loss
    length = iterations == 1 ? min(1, 1 / norm.sum) * rule.rate : rule.rate
    if slope > -rule.changeTolerance { return endStep(.settled(.slope)) }

    let length = length
    lastMove = direction.withSlab { direction in
      sweep.fold(count, Passes.Magnitude(), { Passes.move(point, along: direction, length: length, $0) }, +).largest
    }
    return stepIterations == rule.iterationsPerStep ? endStep(.proceed) : .proceed
  }

  /// Adds the pair of the last move to the history, if it shows positive curvature.
  private mutating func remember(_ gradient: Slab<Scalar>) {
    let bytes = count * MemoryLayout<Scalar>.stride
    let (stepBuffer, changeBuffer) = (Buffer(byteCount: bytes), Buffer(byteCount: bytes))
    let (step, change) = (Slab<Scalar>(stepBuffer), Slab<Scalar>(changeBuffer))
    let (count, sweep, length) = (count, sweep, length)
    let curvature = direction.withSlab { direction in
      previousGradient.withSlab { previous in
        sweep.fold(
          count, Passes.Curvature(),
          {
            Passes.difference(
              change, step, gradient: gradient, previous: previous, direction: direction, length: length, $0)
          }, +)
      }
    }
    guard curvature.product > 1e-10 else { return }
    history.append(
      step: stepBuffer, change: changeBuffer, curvature: curvature.product, square: curvature.square)
  }

  public var rate: Double {
    get { rule.rate }
    set { rule.rate = newValue }
  }

  public var state: [NamedTensor] {
    let own: [NamedTensor] = [
      ("counts", Tensor(shape: [4], [iterations, stepIterations, stepEvaluations, history.count].map(Int64.init))),
      ("numbers", Tensor(shape: [3], [length, previousLoss, lastMove])),
      ("direction", direction.tensor), ("gradient", previousGradient.tensor),
    ]
    return own + history.state
  }

  public mutating func restore(_ state: [NamedTensor]) throws(Fault) {
    var reader = try StateReader(state, of: "lbfgs")
    let counts = try reader.values("counts", Int64.self, count: 4)
    let numbers = try reader.values("numbers", Double.self, count: 3)
    let direction = SharedSlab<Scalar>(try reader.tensor("direction", Scalar.dtype, count: count))
    let gradient = SharedSlab<Scalar>(try reader.tensor("gradient", Scalar.dtype, count: count))
    guard counts.allSatisfy({ $0 >= 0 }), counts[3] <= rule.history else {
      throw .badState("lbfgs", "its counts \(counts) are out of range")
    }
    let history = try PairHistory<Scalar>(
      limit: rule.history, pairs: Int(counts[3]), count: count, from: &reader)
    try reader.finish()
    (iterations, stepIterations, stepEvaluations) = (Int(counts[0]), Int(counts[1]), Int(counts[2]))
    (length, previousLoss, lastMove) = (numbers[0], numbers[1], numbers[2])
    (self.direction, previousGradient, self.history) = (direction, gradient, history)
  }
}

extension OptimizerMethod {
  public static let lbfgs = OptimizerMethod(
    "lbfgs", doc: "L-BFGS without line search, with PyTorch's evaluations in PyTorch's order.",
    params: [
      Param("lr", .number(.natural), default: .float(1), "Step length along the direction of search."),
      Param("history", .int(.positive), default: .int(100), "Pairs of vectors remembered, two slabs each."),
      Param("max_iter", .int(.positive), default: .int(20), "Iterations per step."),
      Param(
        "max_eval", .int(.positive), default: .null, "Evaluations after which a step ends; 5/4 of max_iter if absent."),
      Param(
        "tolerance_grad", .number(.natural), default: .float(1e-7),
        "A largest gradient component of at most this has settled."),
      Param(
        "tolerance_change", .number(.natural), default: .float(1e-9),
        "A move, slope or change of the loss of at most this has settled."),
    ],
    slabs: { settings, steps in
      // A new pair is made before the oldest goes.
      2 + 2 * min(settings.int("history") + 1, max(0, (steps ?? .max) - 1))
    }
  ) { settings, count, sweep in
    let rule = LBFGS<Float>.Rule(
      rate: settings.number("lr"), history: settings.int("history"), iterationsPerStep: settings.int("max_iter"),
      evaluationsPerStep: settings.has("max_eval") ? settings.int("max_eval") : nil,
      gradientTolerance: settings.number("tolerance_grad"), changeTolerance: settings.number("tolerance_change"))
    return LBFGS(rule, count: count, sweep: sweep)
  }
}
