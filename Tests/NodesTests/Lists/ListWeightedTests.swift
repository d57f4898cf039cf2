import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ListWeightedTests {
  private let x = Value.list([.tensor(Tensor(shape: [1], [Float(3)])), .tensor(Tensor(shape: [2], [Float(1), -2]))])

  private func numbers(_ weights: Literal) throws -> [[Float]] {
    let list = try #require(try run(ListWeighted.op, ["x": x], ["weights": weights])[0].list)
    return list.compactMap { $0.tensor?.elements(Float.self) }
  }

  @Test func `each tensor takes its own weight, or all take one`() throws {
    #expect(try numbers(.array([.float(2), .float(-0.5)])) == [[6], [-0.5, 1]])
    #expect(try numbers(.float(10)) == [[30], [10, -20]])
  }

  @Test func `weights that do not fit are named`() {
    #expect(
      message { _ = try numbers(.array([.float(1), .float(2), .float(3)])) }
        == "param \"weights\" has 3 numbers for 2 tensors")
    #expect(try! infer(ListWeighted.op, ["x": "list<tensor<f32>>"], [:]) == ["list<tensor<f32>>"])
  }
}
