import Language
import Optimizers
import Testing

@Suite struct SGDTests {
  @Test func followsPyTorch() {
    expectTrajectory("sgd", SGD(.init(rate: 0.1), count: 6))
    expectTrajectory("sgd momentum", SGD(.init(rate: 0.05, momentum: 0.9, weightDecay: 0.02), count: 6))
    expectTrajectory("sgd nesterov", SGD(.init(rate: 1e-4, momentum: 0.8, nesterov: true), count: 2))
  }

  @Test func resumesExactlyAfterAnyEvaluation() throws {
    let rule = SGD<Float>.Rule(rate: 1e-3, momentum: 0.9)
    try expectExactResume(SGD(rule, count: 2), "rosenbrock", from: [-1.2, 1], evaluations: 20)
  }

  @Test func stateWithoutMomentumIsNotOneWithMomentum() {
    var optimizer = SGD<Float>(.init(rate: 1, momentum: 0.5), count: 2)
    #expect(throws: Fault.self) { try optimizer.restore(SGD<Float>(.init(rate: 1), count: 2).state) }
  }
}
