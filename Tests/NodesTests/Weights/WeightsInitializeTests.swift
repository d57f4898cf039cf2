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

  @Test func `every method has the spread it names`() throws {
    let shape = [64, 32, 3, 3]
    func spread(_ method: String) throws -> Double {
      let values = try draw("a", shape, method).map(Double.init)
      return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    let (fanIn, fanOut) = (32.0 * 9, 64.0 * 9)
    #expect(abs(try spread("he_uniform") / (2 / fanIn).squareRoot() - 1) < 0.02)
    #expect(abs(try spread("xavier_normal") / (2 / (fanIn + fanOut)).squareRoot() - 1) < 0.02)
    // Cutting at two deviations leaves 0.8796 of the spread.
    #expect(abs(try spread("truncated_normal") / 0.01 - 0.8796) < 0.02)
    #expect(try draw("a", shape, "truncated_normal").allSatisfy { abs($0) <= 0.02 })
  }

  @Test(arguments: [[4, 2, 3, 1], [7, 3], [5, 5]]) func `orthogonal rows or columns are orthonormal`(shape: [Int])
    throws
  {
    let values = try draw("a", shape, "orthogonal").map(Double.init)
    let (rows, columns) = (shape[0], values.count / shape[0])
    let (count, length) = columns >= rows ? (rows, columns) : (columns, rows)
    func at(_ vector: Int, _ index: Int) -> Double {
      columns >= rows ? values[vector * columns + index] : values[index * columns + vector]
    }
    for a in 0..<count {
      for b in 0..<count {
        let product = (0..<length).reduce(0) { $0 + at(a, $1) * at(b, $1) }
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-5)
      }
    }
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
