import Language
import Optimizers
import Testing

@Suite struct OptimizerMethodTests {
  @Test func namesAreSortedAndUnique() {
    let names = OptimizerMethod.all.map(\.name)
    #expect(names == Set(names).sorted())
    #expect(OptimizerMethod.all.allSatisfy { !$0.doc.isEmpty && $0.params.allSatisfy { !$0.doc.isEmpty } })
  }

  @Test func unknownNamesAreRefusedWithASuggestion() {
    let fault = #expect(throws: Fault.self) { try OptimizerMethod.named("lbfg") }
    #expect(fault?.message.hasPrefix("there is no optimiser \"lbfg\"") == true)
    #expect(fault?.message.hasSuffix("there are adam, adamw, lbfgs, normalised, sgd") == true)
  }

  @Test func everyDefaultFitsItsParam() {
    for method in OptimizerMethod.all {
      let (_, faults) = method.attributes(["lr": .int(1)])
      #expect(faults.isEmpty, "\(method.name)")
    }
  }

  @Test func allFaultsOfTheSettingsAreFound() {
    let (_, faults) = OptimizerMethod.sgd.attributes(["momentum": .int(2), "nestrov": .bool(true)])
    #expect(faults.map(\.code) == ["param", "param", "unknown-param"])
    #expect(faults[0].message == "sgd needs the param \"lr\": a number of at least 0")
  }

  @Test(arguments: [
    ("adam", ["lr": Literal.float(0.05)], "adam"), ("sgd", ["lr": .float(0.1)], "sgd"), ("lbfgs", [:], "lbfgs"),
    (
      "lbfgs", ["lr": .float(0.5), "history": .int(3), "max_iter": .int(6), "max_eval": .int(4)], "lbfgs short steps"
    ),
  ])
  func settingsReachTheOptimiser(name: String, given: [String: Literal], trajectory: String) throws {
    let method = try OptimizerMethod.named(name)
    let (settings, faults) = method.attributes(given)
    #expect(faults.isEmpty)
    var optimizer = method.make(settings, 6, .serial)
    let rows = Problems.trajectories[trajectory]!.rows
    var point = rows[0].dropFirst().map { Float($0) }
    // Few enough evaluations for Float to stay near the reference.
    for row in rows.prefix(10) {
      #expect(zip(point, row.dropFirst()).allSatisfy { abs(Double($0) - $1) < 1e-4 })
      let (loss, slope) = Problems.quadratic(point.map(Double.init))
      slope.map { Float($0) }.withUnsafeBufferPointer { gradient in
        point.withUnsafeMutableBufferPointer { _ = optimizer.tell(loss: loss, gradient: gradient, point: $0) }
      }
    }
  }
}
