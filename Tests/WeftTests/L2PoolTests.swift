import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// `networks/l2-pool.json` against the formula in Double, and its gradient against differences of that.
@Suite struct L2PoolTests {
  private static let (channels, height, width) = (2, 6, 4)

  /// The root of the sum of squares of each 2 × 2 window, times 0.78 (style-transfer-pytorch's scale for L2 pooling).
  private static func pool(_ x: [Double]) -> [Double] {
    var y: [Double] = []
    for c in 0..<channels {
      for row in stride(from: 0, to: height, by: 2) {
        for column in stride(from: 0, to: width, by: 2) {
          var sum = 0.0
          for i in 0...1 {
            for j in 0...1 {
              let value = x[(c * height + row + i) * width + column + j]
              sum += value * value
            }
          }
          y.append(0.78 * sum.squareRoot())
        }
      }
    }
    return y
  }

  @Test func `values and gradients are those of the formula, and a window of zeros has none`() throws {
    var random = TestRandom(seed: 5)
    let count = Self.channels * Self.height * Self.width
    var x = random.floats(count)
    // As after a rectifier: some are 0, and the whole first window of each channel.
    for index in 0..<count where x[index] < -0.3 { x[index] = 0 }
    for c in 0..<Self.channels {
      for place in [0, 1, Self.width, Self.width + 1] { x[c * Self.height * Self.width + place] = 0 }
    }
    let w = random.floats(count / 4)
    let program = try WeftProgram()
    defer { program.remove() }
    func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }
    try NPY.write(Tensor(shape: [1, Self.channels, Self.height, Self.width], x), to: path("x.npy"))
    try NPY.write(Tensor(shape: [1, Self.channels, Self.height / 2, Self.width / 2], w), to: path("w.npy"))
    // One step of plain descent with a rate of 1 shows the gradient.
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "x": "tensor<f32>[1,2,6,4]", "w": "tensor<f32>[1,2,3,2]" },
        "nodes": {
          "y": { "op": "networks/l2-pool.json", "in": { "x": "@x" } },
          "step": {
            "op": "optim.minimize",
            "in": { "w": "@w" },
            "with": { "method": "sgd", "lr": 1 },
            "body": "graph:loss",
            "loss": "loss",
            "wrt": { "x": "@x" },
            "until": { "steps": 1 }
          }
        },
        "outputs": { "y": "y", "moved": "step.x" },
        "graphs": {
          "loss": {
            "inputs": { "x": "tensor<f32>[1,2,6,4]", "w": "tensor<f32>[1,2,3,2]" },
            "nodes": {
              "y": { "op": "networks/l2-pool.json", "in": { "x": "@x" } },
              "p": { "op": "math.mul", "in": { "a": "y", "b": "@w" } },
              "loss": { "op": "math.sum", "in": { "x": "p" } }
            },
            "outputs": { "loss": "loss" }
          }
        }
      }
      """, "pool.json")
    let outcome = try program.run(["run", "pool.json", "x=x.npy", "w=w.npy", "--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let y = try NPY.read(path("out/y.npy")).elements(Float.self).map(Double.init)
    let at = x.map(Double.init)
    for (found, wanted) in zip(y, Self.pool(at)) { #expect(abs(found - wanted) < 1e-6, "\(found) for \(wanted)") }
    let moved = try NPY.read(path("out/moved.npy")).elements(Float.self).map(Double.init)
    func loss(_ x: [Double]) -> Double { zip(Self.pool(x), w).reduce(0) { $0 + $1.0 * Double($1.1) } }
    let step = 1e-5
    for index in 0..<count {
      var (above, below) = (at, at)
      above[index] += step
      below[index] -= step
      // Differences of a window of zeros are those of |x|, which cancel.
      let wanted = (loss(above) - loss(below)) / (2 * step)
      #expect(abs(at[index] - moved[index] - wanted) < 2e-6, "\(index): \(at[index] - moved[index]) for \(wanted)")
    }
  }
}
