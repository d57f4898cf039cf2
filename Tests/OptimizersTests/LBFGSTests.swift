import Language
import Optimizers
import Tensors
import Testing

@Suite struct LBFGSTests {
  typealias Rule = LBFGS<Double>.Rule

  @Test func defaultsFollowPyTorchOnAQuadratic() { expectTrajectory("lbfgs", LBFGS(Rule(), count: 6)) }

  @Test func evaluationLimitAndShortHistoryFollowPyTorch() {
    let rule = Rule(rate: 0.5, history: 3, iterationsPerStep: 6, evaluationsPerStep: 4)
    expectTrajectory("lbfgs short steps", LBFGS(rule, count: 6))
  }

  @Test func oneIterationPerStepFollowsPyTorch() {
    expectTrajectory("lbfgs one iteration", LBFGS(Rule(rate: 0.8, history: 5, iterationsPerStep: 1), count: 6))
  }

  @Test func rosenbrockFollowsPyTorch() {
    expectTrajectory("lbfgs valley", LBFGS(Rule(rate: 0.5), count: 2))
    expectTrajectory("lbfgs valley near", LBFGS(Rule(history: 4), count: 2))
  }

  @Test func resumesExactlyAfterAnyEvaluation() throws {
    let rule = Rule(rate: 0.5, history: 3, iterationsPerStep: 6, evaluationsPerStep: 4)
    let start = [0.5, -1, 2, 0, -0.25, 1.5]
    try expectExactResume(LBFGS(rule, count: 6), "quadratic", from: start, evaluations: 40)
    try expectExactResume(
      LBFGS<Float>(.init(history: 5), count: 6), "quadratic", from: start.map(Float.init), evaluations: 40)
  }

  @Test func floatFindsTheMinimumThatDoubleFinds() {
    var optimizer = LBFGS<Float>(.init(), count: 6)
    var point: [Float] = [0.5, -1, 2, 0, -0.25, 1.5]
    for _ in 0..<40 { step(&optimizer, "quadratic", &point) }
    let minimum = Problems.trajectories["lbfgs"]!.rows.last!.dropFirst()
    #expect(zip(point, minimum).allSatisfy { abs(Double($0) - $1) < 1e-5 })
  }

  @Test func settlesWithReasonAndStaysThere() {
    var optimizer = LBFGS(Rule(gradientTolerance: 1e-3), count: 6)
    var point = [0.5, -1, 2, 0, -0.25, 1.5]
    var outcomes: [Outcome] = []
    while outcomes.last ?? .proceed == .proceed && outcomes.count < 100 {
      outcomes.append(step(&optimizer, "quadratic", &point).1)
    }
    #expect(outcomes.last == .settled(.gradient))
    let settled = point
    #expect(step(&optimizer, "quadratic", &point).1 == .settled(.gradient))
    #expect(point == settled)
  }

  @Test(arguments: [
    (
      LBFGS<Double>.Rule(gradientTolerance: 0, changeTolerance: 1e-3), Set<Outcome>([.settled(.move), .settled(.loss)])
    ),
    (LBFGS<Double>.Rule(rate: 1e-9, gradientTolerance: 0), Set<Outcome>([.settled(.move)])),
  ])
  func reportsLackOfProgress(rule: LBFGS<Double>.Rule, reasons: Set<Outcome>) {
    var optimizer = LBFGS(rule, count: 6)
    var point = [0.5, -1, 2, 0, -0.25, 1.5]
    var outcome = Outcome.proceed
    for _ in 0..<100 where outcome == .proceed { outcome = step(&optimizer, "quadratic", &point).1 }
    #expect(reasons.contains(outcome))
  }

  @Test func aSlopeWithinToleranceEndsWithoutMoving() {
    var optimizer = LBFGS(Rule(gradientTolerance: 0, changeTolerance: 1e3), count: 6)
    var point = [0.5, -1, 2, 0, -0.25, 1.5]
    let start = point
    #expect(step(&optimizer, "quadratic", &point).1 == .settled(.slope))
    #expect(point == start)
  }

  @Test func aGradientThatIsNotANumberDoesNotSettleOnItsNorms() {
    var optimizer = LBFGS<Double>(.init(), count: 3)
    var point = [1.0, 2, 3]
    for loss in 1...3 {
      let outcome = [0, Double.nan, 0].withUnsafeBufferPointer { gradient in
        point.withUnsafeMutableBufferPointer { optimizer.tell(loss: Double(loss), gradient: gradient, point: $0) }
      }
      #expect(outcome == .proceed)
    }
  }

  @Test func historyIsBoundedAndSharedWithTheState() {
    var optimizer = LBFGS(Rule(rate: 0.1, history: 4), count: 6)
    var point = [0.5, -1, 2, 0, -0.25, 1.5]
    for _ in 0..<12 { step(&optimizer, "quadratic", &point) }
    let (first, second) = (optimizer.state, optimizer.state)
    #expect(first.filter { $0.name.hasPrefix("step.") }.map(\.name) == ["step.0", "step.1", "step.2", "step.3"])
    let index = first.firstIndex { $0.name == "change.3" }!
    #expect(first[index].tensor.buffer === second[index].tensor.buffer)
  }

  @Test func chunksMayRunInAnyOrder() {
    let count = 3 * (1 << 15) + 7
    // An ill-scaled bowl: gradient k·x.
    func run(_ sweep: Sweep) -> [Float] {
      var optimizer = LBFGS<Float>(.init(rate: 0.5), count: count, sweep: sweep)
      var point = (0..<count).map { Float($0 % 17) - 8 }
      for _ in 0..<8 {
        let gradient = point.indices.map { point[$0] * Float(1 + $0 % 5) }
        gradient.withUnsafeBufferPointer { gradient in
          point.withUnsafeMutableBufferPointer { _ = optimizer.tell(loss: 1, gradient: gradient, point: $0) }
        }
      }
      return point
    }
    let backwards = Sweep { count, body in for index in (0..<count).reversed() { body(index) } }
    #expect(run(.serial) == run(backwards))
  }

  @Test func foreignStatesAreRefused() throws {
    var optimizer = LBFGS(Rule(), count: 6)
    let state = optimizer.state
    #expect(throws: Fault.self) { try optimizer.restore([]) }
    #expect(throws: Fault.self) { try optimizer.restore(LBFGS(Rule(), count: 5).state) }
    #expect(throws: Fault.self) { try optimizer.restore(Adam<Double>(.init(), count: 6).state) }
    let error = #expect(throws: Fault.self) {
      try optimizer.restore(state + [("extra", Tensor.zeros(.f32, shape: [1]))])
    }
    #expect(
      error?.message == "the state is not one of lbfgs with these settings: it has no use for \"extra\"")
    try optimizer.restore(state)
  }
}
