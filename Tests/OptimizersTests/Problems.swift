import Foundation
import Optimizers
import Testing

/// The functions of Tools/reference/optimizers.py and the trajectories it printed.
enum Problems {
  struct Trajectory: Decodable {
    let function: String
    /// Loss and point per evaluation.
    let rows: [[Double]]
  }

  static let trajectories: [String: Trajectory] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/trajectories.json")
    return try! JSONDecoder().decode([String: Trajectory].self, from: Data(contentsOf: file))
  }()

  /// ½x'Ax − b'x with A tridiagonal: k + 1 on the diagonal, 0.5 beside it; b_k = (−1)^k.
  static func quadratic(_ x: [Double]) -> (loss: Double, gradient: [Double]) {
    var loss = 0.0
    var gradient: [Double] = []
    for k in x.indices {
      var product = Double(k + 1) * x[k]
      if k > 0 { product += 0.5 * x[k - 1] }
      if k + 1 < x.count { product += 0.5 * x[k + 1] }
      let b = k % 2 == 1 ? -1.0 : 1.0
      loss += 0.5 * x[k] * product - b * x[k]
      gradient.append(product - b)
    }
    return (loss, gradient)
  }

  static func rosenbrock(_ x: [Double]) -> (loss: Double, gradient: [Double]) {
    let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
    return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
  }

  static func evaluate(_ function: String, _ x: [Double]) -> (loss: Double, gradient: [Double]) {
    function == "quadratic" ? quadratic(x) : rosenbrock(x)
  }
}

/// One evaluation of `function` at `point`, told to the optimiser; the loss and what it led to.
@discardableResult
func step<O: Optimizer>(_ optimizer: inout O, _ function: String, _ point: inout [O.Scalar]) -> (Double, Outcome) {
  let (loss, slope) = Problems.evaluate(function, point.map(Double.init))
  let gradient = slope.map { O.Scalar($0) }
  let outcome = gradient.withUnsafeBufferPointer { gradient in
    point.withUnsafeMutableBufferPointer { optimizer.tell(loss: loss, gradient: gradient, point: $0) }
  }
  return (loss, outcome)
}

/// Follows a recorded trajectory; every row must agree within 1e-9 relative to the size of its numbers.
func expectTrajectory<O: Optimizer<Double>>(_ name: String, _ optimizer: O, within tolerance: Double = 1e-9) {
  var optimizer = optimizer
  let trajectory = Problems.trajectories[name]!
  var point = Array(trajectory.rows[0].dropFirst())
  for (index, row) in trajectory.rows.enumerated() {
    let evaluated = point
    let (loss, _) = step(&optimizer, trajectory.function, &point)
    for (mine, theirs) in zip([loss] + evaluated, row) {
      guard abs(mine - theirs) <= tolerance * max(1, abs(theirs)) else {
        Issue.record("\(name), evaluation \(index): \([loss] + evaluated) is not \(row)")
        return
      }
    }
  }
}

/// Cuts a run after every evaluation: a fresh optimiser that restores the state must go on with the same bits.
func expectExactResume<O: Optimizer>(_ fresh: O, _ function: String, from start: [O.Scalar], evaluations: Int) throws {
  var (whole, point) = (fresh, start)
  var (resumed, other) = (fresh, start)
  for _ in 0..<evaluations {
    step(&whole, function, &point)
    step(&resumed, function, &other)
    #expect(point == other)
    var next = fresh
    try next.restore(resumed.state)
    #expect(next.state.map(\.tensor) == whole.state.map(\.tensor))
    #expect(next.state.map(\.name) == whole.state.map(\.name))
    resumed = next
  }
}
