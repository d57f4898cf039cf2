import Language
import Tensors

/// Limited-memory BFGS without line search: the evaluations, in their order, of `torch.optim.LBFGS` whose `step` is
/// called again and again (two-loop recursion: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4).
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

  /// A pair of the history; the buffers are never written again once they are in it.
  private struct Pair {
    let step: Buffer
    let change: Buffer
    /// 1 / (change · step)
    let inverse: Double
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
  private var inverseHessian = 1.0
  private var previousLoss = 0.0
  /// Largest component of the last move.
  private var lastMove = 0.0
  private var direction: [Scalar]
  private var previousGradient: [Scalar]
  /// Oldest first.
  private var pairs: [Pair] = []

  public init(_ rule: Rule, count: Int, sweep: Sweep = .serial) {
    precondition(rule.iterationsPerStep >= 1 && rule.history >= 1, "a step needs an iteration and a history")
    self.rule = rule
    self.count = count
    self.sweep = sweep
    direction = Array(repeating: 0, count: count)
    previousGradient = direction
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
    let slope = turn(gradient)
    let (count, sweep) = (count, sweep)
    previousGradient.withUnsafeMutableBufferPointer { $0.baseAddress?.update(from: gradient.start, count: count) }
    previousLoss = loss
    length = iterations == 1 ? min(1, 1 / norm.sum) * rule.rate : rule.rate
    if slope > -rule.changeTolerance { return endStep(.settled(.slope)) }

    let length = length
    lastMove = direction.withUnsafeMutableBufferPointer { direction in
      let direction = Slab(direction)
      return sweep.fold(count, Passes.Magnitude(), { Passes.move(point, along: direction, length: length, $0) }, +)
        .largest
    }
    return stepIterations == rule.iterationsPerStep ? endStep(.proceed) : .proceed
  }

  /// Adds the pair of the last move to the history, if it shows positive curvature.
  private mutating func remember(_ gradient: Slab<Scalar>) {
    let bytes = count * MemoryLayout<Scalar>.stride
    let (stepBuffer, changeBuffer) = (Buffer(byteCount: bytes), Buffer(byteCount: bytes))
    let (step, change) = (Slab<Scalar>(stepBuffer), Slab<Scalar>(changeBuffer))
    let (count, sweep, length) = (count, sweep, length)
    let curvature = direction.withUnsafeMutableBufferPointer { direction in
      previousGradient.withUnsafeMutableBufferPointer { previous in
        let (direction, previous) = (Slab(direction), Slab(previous))
        return sweep.sum(count) {
          Passes.difference(
            change, step, gradient: gradient, previous: previous, direction: direction, length: length, $0)
        }
      }
    }
    guard curvature > 1e-10 else { return }
    if pairs.count == rule.history { pairs.removeFirst() }
    pairs.append(Pair(step: stepBuffer, change: changeBuffer, inverse: 1 / curvature))
    inverseHessian = curvature / sweep.sum(count) { Passes.dot(change, change, $0) }
  }

  /// Sets the direction to −H·gradient by the two-loop recursion; its slope, direction · gradient. Each pass adds one
  /// vector and takes the product with the next, so that a pair is read four times in all.
  private mutating func turn(_ gradient: Slab<Scalar>) -> Double {
    let (count, sweep, inverseHessian) = (count, sweep, inverseHessian)
    let pairs = pairs.map { (Slab<Scalar>($0.step), Slab<Scalar>($0.change), $0.inverse) }
    return direction.withUnsafeMutableBufferPointer { memory in
      let direction = Slab(memory)
      func add(_ factor: Double, _ from: Slab<Scalar>, scale: Double = 1, with: Slab<Scalar>) -> Double {
        sweep.sum(count) { Passes.addScaleDot(direction, factor, from, scale: scale, with: with, $0) }
      }
      sweep.run(count) { Passes.negate(direction, gradient, $0) }
      guard let newest = pairs.last, let oldest = pairs.first else {
        return sweep.sum(count) { Passes.dot(direction, gradient, $0) }
      }
      var alpha = Array(repeating: 0.0, count: pairs.count)
      var product = sweep.sum(count) { Passes.dot(newest.0, direction, $0) }
      for index in pairs.indices.reversed() {
        let (_, change, inverse) = pairs[index]
        alpha[index] = product * inverse
        product =
          index > 0
          ? add(-alpha[index], change, with: pairs[index - 1].0)
          : add(-alpha[index], change, scale: inverseHessian, with: oldest.1)
      }
      for index in pairs.indices {
        let (step, _, inverse) = pairs[index]
        let beta = product * inverse
        product = add(alpha[index] - beta, step, with: index + 1 < pairs.count ? pairs[index + 1].1 : gradient)
      }
      return product
    }
  }

  public var rate: Double {
    get { rule.rate }
    set { rule.rate = newValue }
  }

  public var state: [NamedTensor] {
    var state: [NamedTensor] = [
      ("counts", Tensor(shape: [4], [iterations, stepIterations, stepEvaluations, pairs.count].map(Int64.init))),
      ("numbers", Tensor(shape: [4], [length, inverseHessian, previousLoss, lastMove])),
      ("direction", Tensor(shape: [count], direction)),
      ("gradient", Tensor(shape: [count], previousGradient)),
      ("inverses", Tensor(shape: [pairs.count], pairs.map(\.inverse))),
    ]
    for (index, pair) in pairs.enumerated() {
      state.append(("step.\(index)", Tensor(dtype: Scalar.dtype, shape: [count], buffer: pair.step)))
      state.append(("change.\(index)", Tensor(dtype: Scalar.dtype, shape: [count], buffer: pair.change)))
    }
    return state
  }

  public mutating func restore(_ state: [NamedTensor]) throws(Fault) {
    var reader = try StateReader(state, of: "lbfgs")
    let counts = try reader.values("counts", Int64.self, count: 4)
    let numbers = try reader.values("numbers", Double.self, count: 4)
    let direction = try reader.values("direction", Scalar.self, count: count)
    let gradient = try reader.values("gradient", Scalar.self, count: count)
    guard counts.allSatisfy({ $0 >= 0 }), counts[3] <= rule.history else {
      throw .badState("lbfgs", "its counts \(counts) are out of range")
    }
    let inverses = try reader.values("inverses", Double.self, count: Int(counts[3]))
    var pairs: [Pair] = []
    for (index, inverse) in inverses.enumerated() {
      let step = try reader.tensor("step.\(index)", Scalar.dtype, count: count)
      let change = try reader.tensor("change.\(index)", Scalar.dtype, count: count)
      pairs.append(Pair(step: step.ownBuffer, change: change.ownBuffer, inverse: inverse))
    }
    try reader.finish()
    (iterations, stepIterations, stepEvaluations) = (Int(counts[0]), Int(counts[1]), Int(counts[2]))
    (length, inverseHessian, previousLoss, lastMove) = (numbers[0], numbers[1], numbers[2], numbers[3])
    (self.direction, previousGradient, self.pairs) = (direction, gradient, pairs)
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

extension Tensor {
  /// The tensor's buffer if it begins there and holds nothing else, or else a copy of the elements.
  fileprivate var ownBuffer: Buffer {
    if offset == 0 && buffer.byteCount == byteCount { return buffer }
    let copy = Buffer(byteCount: byteCount)
    UnsafeMutableRawBufferPointer(start: copy.bytes, count: byteCount).copyMemory(from: bytes)
    return copy
  }
}
