import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct WeightsInitializeTests {
  func draw(_ name: String, _ shape: [Int], _ method: String, seed: UInt64 = 1) throws -> [Float] {
    let values = try run(
      WeightsInitialize.op, [:],
      ["name": .string(name), "shape": .array(shape.map { .int($0) }), "method": .string(method)], seed: seed)
    #expect(values[0].tensor?.shape == shape)
    return values[0].tensor!.elements(Float.self)
  }

  @Test func `numbers depend on seed and name alone`() throws {
    let first = try draw("conv1.weight", [8, 4, 3, 3], "he_normal")
    _ = try draw("conv2.weight", [8, 4, 3, 3], "he_normal")
    #expect(try draw("conv1.weight", [8, 4, 3, 3], "he_normal") == first)
    #expect(try draw("conv2.weight", [8, 4, 3, 3], "he_normal") != first)
    #expect(try draw("conv1.weight", [8, 4, 3, 3], "he_normal", seed: 2) != first)
  }

  @Test func `spread follows the fans`() throws {
    let normal = try draw("a", [64, 32, 3, 3], "he_normal").map(Double.init)
    let mean = normal.reduce(0, +) / Double(normal.count)
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(normal.count)
    #expect(abs(mean) < 0.002)
    #expect(abs(variance / (2 / (32 * 9)) - 1) < 0.03)
    let uniform = try draw("a", [64, 32, 3, 3], "xavier_uniform").map(Double.init)
    let limit = (6.0 / (32 * 9 + 64 * 9)).squareRoot()
    #expect(uniform.allSatisfy { abs($0) <= limit })
    #expect(uniform.max()! > 0.99 * limit && uniform.min()! < -0.99 * limit)
  }

  @Test func `a constant is its value`() throws {
    let values = try run(
      WeightsInitialize.op, [:], ["name": "a", "shape": [3], "method": "constant", "value": 1.5])
    #expect(values[0].tensor == Tensor(shape: [3], [Float](repeating: 1.5, count: 3)))
    #expect(
      try infer(WeightsInitialize.op, [:], ["name": "a", "shape": [3, 2], "method": "constant"]) == ["tensor<f32>[3,2]"]
    )
  }
}
