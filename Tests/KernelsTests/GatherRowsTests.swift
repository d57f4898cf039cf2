import Testing

@testable import Kernels

@Suite struct GatherRowsTests {
  @Test func rowsArePickedAndTheirGradientsAdded() {
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    let index: [Int32] = [2, 0, -1]
    var y = [Float](repeating: .nan, count: 6)
    GatherRows.forward(0..<2, rowBytes: 8, count: 3, x: x, index: index, y: &y)
    GatherRows.forward(2..<3, rowBytes: 8, count: 3, x: x, index: index, y: &y)
    #expect(y == [5, 6, 1, 2, 5, 6])
    var dx = [Float](repeating: .nan, count: 6)
    GatherRows.gradient(indices: 3, rowLength: 2, count: 3, dy: [1, 2, 3, 4, 5, 6], index: index, dx: &dx)
    #expect(dx == [3, 4, 0, 0, 6, 8])
  }
}
