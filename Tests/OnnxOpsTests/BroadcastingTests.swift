import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct BroadcastingTests {
  @Test func stretchesBothSides() throws {
    let a = Tensor(shape: [2, 1, 2], [Double(1), 2, 3, 4])
    let b = Tensor(shape: [3, 1], [Double(10), 20, 30])
    let sum = try Broadcasting.zip(a, b, Double.self, to: .f64) { $0 + $1 }
    #expect(sum.shape == [2, 3, 2])
    #expect(sum.doubles() == [11, 12, 21, 22, 31, 32, 13, 14, 23, 24, 33, 34])
    #expect(try Broadcasting.shape([0, 1], [1]) == [0, 1])
  }

  @Test func walksMergeAxesThatLieTogether() {
    var rows: [[Int]] = []
    StridedWalk([2, 3, 4], [[12, 4, 1], [0, 0, 0]]).forEachRow { rows.append([$0, $1] + $2) }
    #expect(rows == [[0, 24, 0, 0]])
    rows = []
    StridedWalk([2, 2], [[1, 2]]).forEachRow { rows.append([$0, $1] + $2) }
    #expect(rows == [[0, 2, 0], [2, 2, 1]])
  }
}
