import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct NumbersTests {
  @Test func `a tensor of one element is a number`() throws {
    #expect(try run(Number.op, ["x": .tensor(Tensor(shape: [1, 1], [Float(2.5)]))])[0].scalar == 2.5)
    #expect(try run(Number.op, ["x": .tensor(Tensor(shape: [], [Int64(-3)]))])[0].scalar == -3)
    #expect(
      message { _ = try infer(Number.op, ["x": "tensor<f32>[1,H,2]"]) }
        == "x must have one element, but is tensor<f32>[1,H,2]")
  }

  @Test func `relations hold or not`() throws {
    func holds(_ a: Double, _ relation: String, _ b: Double) throws -> Bool {
      let viaPort = try run(Compare.op, ["a": .number(a), "b": .number(b)], ["relation": .string(relation)])[0]
      let viaParam = try run(Compare.op, ["a": .number(a)], ["relation": .string(relation), "value": .float(b)])[0]
      #expect(viaPort.scalar == viaParam.scalar)
      return viaPort.scalar == 1
    }
    let expected: [String: [Bool]] = [
      "less": [true, false, false], "less_equal": [true, true, false], "greater": [false, false, true],
      "greater_equal": [false, true, true], "equal": [false, true, false], "not_equal": [true, false, true],
    ]
    for (relation, answers) in expected {
      #expect(try [holds(1, relation, 2), holds(2, relation, 2), holds(3, relation, 2)] == answers)
    }
    #expect(
      message { _ = try infer(Compare.op, ["a": "number"]) }
        == "a is compared either with the port b or with the param \"value\"")
  }
}
