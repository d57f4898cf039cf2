import TestSupport
import Testing

@testable import Kernels

@Suite struct EmbeddingCodesTests {
  private func unit(_ count: Int, _ random: inout TestRandom) -> [Float] {
    let raw = random.floats(count)
    let length = raw.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return raw.map { Float(Double($0) / length) }
  }

  private func encoded(_ rows: [[Float]], _ stride: Int) -> (codes: [Int8], scales: [Float], error: Double) {
    var codes = [Int8](repeating: 1, count: rows.count * stride)
    var scales: [Float] = []
    var worst = 0.0
    for (index, row) in rows.enumerated() {
      let (scale, error) = codes.withUnsafeMutableBufferPointer { codes in
        row.withUnsafeBufferPointer {
          EmbeddingCodes.encode($0, into: .init(rebasing: codes[index * stride..<(index + 1) * stride]))
        }
      }
      scales.append(scale)
      worst = max(worst, error)
    }
    return (codes, scales, worst)
  }

  @Test(arguments: [1, 3, 64, 65, 128, 500, 512])
  func scoresAreTheProductsOnEveryLevel(_ dimension: Int) {
    var random = TestRandom(seed: UInt64(dimension))
    let stride = EmbeddingCodes.stride(dimension)
    let rows = (0..<37).map { _ in unit(dimension, &random) }
    let query = unit(dimension, &random)
    let padded = query + Array(repeating: 0, count: stride - dimension)
    let (codes, scales, error) = encoded(rows, stride)
    let margin = Double(EmbeddingCodes.margin(error: error, stride: stride))
    for set in InstructionSet.supported {
      var scores = [Float](repeating: .nan, count: rows.count)
      set.forced {
        EmbeddingCodes.scores(codes, rows: rows.count, stride: stride, query: padded, into: &scores)
      }
      for (index, row) in rows.enumerated() {
        let coded = (0..<dimension).reduce(0.0) { $0 + Double(query[$1]) * Double(codes[index * stride + $1]) }
        #expect(abs(Double(scores[index]) - coded) <= 1e-5 * 127, "\(set) row \(index)")
        let exact = (0..<dimension).reduce(0.0) { $0 + Double(query[$1]) * Double(row[$1]) }
        #expect(abs(Double(scores[index] * scales[index]) - exact) <= margin, "\(set) row \(index)")
      }
    }
  }

  @Test func paddingIsZeroAndAZeroVectorHasNoScale() {
    let (codes, scales, error) = encoded([[0, 0, 0], [1, -0.5, 0.25]], 64)
    #expect(Array(codes[0..<64]) == Array(repeating: 0, count: 64))
    #expect(scales[0] == 0)
    #expect(Array(codes[64..<67]) == [127, -64, 32])
    #expect(codes[67...].allSatisfy { $0 == 0 })
    #expect(error > 0 && error < 1.0 / 127)
  }

  @Test func theMarginHoldsTheErrorOfTheCodes() {
    #expect(EmbeddingCodes.margin(error: 0.01, stride: 512) > 0.01)
    #expect(EmbeddingCodes.margin(error: 0, stride: 512) < 1e-4)
  }
}
