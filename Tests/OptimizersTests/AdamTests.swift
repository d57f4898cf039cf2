import Language
import Optimizers
import Testing

@Suite struct AdamTests {
  @Test func followsPyTorch() {
    expectTrajectory("adam", Adam(.init(rate: 0.05), count: 6))
    let rule = Adam<Double>.Rule(rate: 0.02, beta1: 0.3, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.01)
    expectTrajectory("adam valley", Adam(rule, count: 2))
    expectTrajectory("adamw", Adam(.init(rate: 0.05, weightDecay: 0.3, isDecoupled: true), count: 6))
  }

  @Test func resumesExactlyAfterAnyEvaluation() throws {
    try expectExactResume(Adam<Float>(.init(rate: 0.1), count: 2), "rosenbrock", from: [-1.2, 1], evaluations: 20)
  }

  @Test func foreignStatesAreRefused() {
    var optimizer = Adam<Float>(.init(), count: 2)
    #expect(throws: Fault.self) { try optimizer.restore(Adam<Double>(.init(), count: 2).state) }
  }
}
