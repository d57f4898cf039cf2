import Language
import TestSupport
import Testing

@testable import Optimizers

@Suite struct ScheduleTests {
  func rates(_ literal: Literal, base: Double = 0.4, _ steps: [Int]) throws -> [Double] {
    let schedule = try Schedule(literal, base: base)
    return steps.map { schedule.rate($0) }
  }

  func close(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }

  @Test func `steps change at their place`() throws {
    let literal: Literal = .object(["kind": "step", "at": [10, 20], "rates": [0.08, 0.01, 0.001]])
    #expect(try rates(literal, [0, 9, 10, 19, 20, 1000]) == [0.08, 0.08, 0.01, 0.01, 0.001, 0.001])
  }

  @Test func `a cosine falls from the base to the floor and stays there`() throws {
    let literal: Literal = .object(["kind": "cosine", "steps": 100, "floor": 0.1])
    #expect(close(try rates(literal, [0, 50, 100, 150]), [0.4, 0.25, 0.1, 0.1]))
  }

  /// torch.optim.lr_scheduler.OneCycleLR(max_lr=0.4, total_steps=10): the rates in front of its ten steps.
  @Test func `one cycle is PyTorch's`() throws {
    let expected = [
      0.016, 0.112, 0.30399999999999994, 0.4, 0.3801946836164203,
    ]
    let found = try rates(.object(["kind": "one_cycle", "steps": 10]), [0, 1, 2, 3, 9])
    #expect(close([found[0]], [expected[0]]))
    #expect(abs(found[4] - 0.4 / 25e4) < 1e-9)
  }

  @Test func `warm-up rises evenly`() throws {
    let literal: Literal = .object(["kind": "constant", "warmup": 4])
    #expect(close(try rates(literal, [0, 1, 2, 3, 4]), [0.1, 0.2, 0.3, 0.4, 0.4]))
  }

  @Test(arguments: [
    (Literal.object(["kind": "stair"]), "has no kind \"stair\"; it is one of constant, step, cosine, one_cycle"),
    (.object(["kind": "cosine"]), "needs \"steps\": a number of steps"),
    (
      .object(["kind": "step", "at": [5], "rates": [1]]),
      "has 1 steps under \"at\", so it needs 2 rates, not 1"
    ),
    (.object(["kind": "step", "at": [5, 5], "rates": [1, 2, 3]]), "needs \"at\" in rising order"),
    (
      .object(["kind": "constant", "warm_up": 3]),
      "has no \"warm_up\" (did you mean \"warmup\"?); it has kind, warmup, at, rates, steps, floor, rise"
    ), (3, "takes an object, not 3"),
  ]) func `mistakes are told`(literal: Literal, text: String) {
    do {
      _ = try Schedule(literal, base: 1)
      Issue.record("accepted")
    } catch { #expect(error.message == "param \"schedule\" \(text)") }
  }
}
