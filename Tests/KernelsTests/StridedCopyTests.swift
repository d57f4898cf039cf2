import Testing

@testable import Kernels

@Suite struct StridedCopyTests {
  @Test func permutationsMoveEveryElement() {
    let shape = [2, 3, 4, 5]
    let x = (0..<120).map { UInt16($0) }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 3, 1], [1, 0, 3, 2]] {
      let copy = StridedCopy(permuting: shape, order: order, elementSize: 2)
      var y = [UInt16](repeating: 999, count: 120)
      for row in 0..<copy.rowCount { copy.run(rows: row..<row + 1, x: x, y: &y) }
      let sizes = order.map { shape[$0] }
      for (flat, value) in y.enumerated() {
        var (rest, index) = (flat, [0, 0, 0, 0])
        for d in (0..<4).reversed() {
          index[order[d]] = rest % sizes[d]
          rest /= sizes[d]
        }
        #expect(Int(value) == ((index[0] * 3 + index[1]) * 4 + index[2]) * 5 + index[3])
      }
    }
  }

  @Test func slicesTakeSteps() {
    let x = (0..<20).map { UInt64($0) }
    // Rows 3, 1 and columns 0, 2, 4 of a 4 x 5 array, into the right part of a 2 x 4 one.
    let copy = StridedCopy(shape: [2, 3], source: [-10, 2], target: [4, 1], elementSize: 8)
    var y = [UInt64](repeating: 99, count: 8)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        copy.run(rows: 0..<copy.rowCount, x: x.baseAddress! + 15, y: y.baseAddress! + 1)
      }
    }
    #expect(y == [99, 15, 17, 19, 99, 5, 7, 9])
  }

  @Test func bytesAndWordsMerge() {
    let copy = StridedCopy(shape: [2, 3, 4], source: [12, 4, 1], target: [12, 4, 1], elementSize: 4)
    #expect(copy.shape == [24])
    let bytes = StridedCopy(shape: [3], source: [1], target: [2], elementSize: 1)
    var y: [UInt8] = [0, 0, 0, 0, 0]
    bytes.run(rows: 0..<bytes.rowCount, x: [UInt8(1), 2, 3], y: &y)
    #expect(y == [1, 0, 2, 0, 3])
  }
}
