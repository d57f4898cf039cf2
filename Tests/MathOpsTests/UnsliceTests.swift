import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct UnsliceTests {
  @Test func valuesStandBetweenZeros() throws {
    let x = random([2, 3])
    let attributes: [String: Literal] = ["shape": list(4, 9), "begin": list(1, 2), "step": list(2, 3)]
    let y = try harness.evaluate(Unslice.op, ["x": x], attributes)[0]
    #expect(
      y.elements(Float.self)
        == moved(x, to: [4, 9]) { index in
          let row = [1, 3].firstIndex(of: index[0])
          let column = [2, 5, 8].firstIndex(of: index[1])
          return row.flatMap { row in column.map { [row, $0] } }
        })
  }

  @Test func gradientMatchesDifferences() throws {
    let attributes: [String: Literal] = ["shape": list(4, 9), "begin": list(1, 2), "step": list(2, 3)]
    #expect(try harness.gradientError(Unslice.op, ["x": random([2, 3])], attributes) < 1e-3)
  }
}
