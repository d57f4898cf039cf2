import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct NormTests {
  @Test(arguments: patterns) func valuesMatchTheReference(_ axes: [Int]) throws {
    let x = random([3, 4, 5, 60])
    let list: Literal = .array(axes.map { .int($0) })
    let l1 = try harness.evaluate(Norm.op, ["x": x], ["axes": list, "kind": "l1"])[0]
    let l2 = try harness.evaluate(Norm.op, ["x": x], ["axes": list])[0]
    #expect(error(l1, reduce(x, axes, from: 0) { $0 + abs($1) }) < 1e-6)
    #expect(error(l2, reduce(x, axes, from: 0) { $0 + $1 * $1 }.map { $0.squareRoot() }) < 1e-6)
  }

  @Test(arguments: ["l1", "l2"]) func gradientMatchesDifferences(_ kind: String) throws {
    let x = random([3, 4], in: 0.2...1)
    #expect(try harness.gradientError(Norm.op, ["x": x], ["kind": .string(kind), "axes": 1]) < 1e-3)
    #expect(try harness.gradientError(Norm.op, ["x": x], ["kind": .string(kind), "keep_dims": true]) < 1e-3)
  }

  /// |x| at 0 has a central difference of 0.
  @Test func theGradientAtTheOriginIsZero() throws {
    let x = Tensor.zeros(.f32, shape: [1, 1])
    #expect(try harness.gradientError(Norm.op, ["x": x], ["axes": 1]) < 1e-3)
  }
}
