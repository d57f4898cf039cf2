import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedGramTests {
  @Test(arguments: InstructionSet.supported) func agreesWithTheNaiveSumAndIsSymmetric(set: InstructionSet) {
    var random = TestRandom(seed: 6)
    for shape in [[1, 3, 5, 7], [2, 40, 20, 33], [1, 130, 4, 5]] {
      let (channels, area) = (shape[1], shape[2] * shape[3])
      let x = random.floats(shape.reduce(1, *))
      let gram = BlockedGram(shape: shape, scale: 0.25)
      var y = [Float](repeating: .nan, count: shape[0] * channels * channels)
      set.forced {
        GemmTests.withScratch(gram.scratchBytes) { scratch in
          for chunk in 0..<gram.chunks {
            gram.run(
              chunk: chunk, x: BlockedConvolutionTests.blocks(x, shape[0], channels), y: &y, scratch: scratch)
          }
        }
      }
      var expected = [Double](repeating: 0, count: y.count)
      for image in 0..<shape[0] {
        for i in 0..<channels {
          for j in 0..<channels {
            let (a, b) = ((image * channels + i) * area, (image * channels + j) * area)
            let sum = (0..<area).reduce(0.0) { $0 + Double(x[a + $1]) * Double(x[b + $1]) }
            expected[(image * channels + i) * channels + j] = 0.25 * sum
          }
        }
      }
      #expect(largestError(y, expected) < 1e-5, "\(shape)")
      for i in 0..<channels {
        for j in 0..<i { #expect(y[i * channels + j] == y[j * channels + i]) }
      }
    }
  }

  /// Features are not negative, so that sums of single precision would lose a digit over this many positions.
  @Test(arguments: InstructionSet.supported) func manyPositionsCostNoDigits(set: InstructionSet) {
    var random = TestRandom(seed: 7)
    let area = 65_536
    let x = random.floats(16 * area, in: 0...1)
    let gram = BlockedGram(shape: [1, 16, 256, 256], scale: 1)
    var y = [Float](repeating: .nan, count: 256)
    set.forced {
      GemmTests.withScratch(gram.scratchBytes) { scratch in
        let blocks = BlockedConvolutionTests.blocks(x, 1, 16)
        for chunk in 0..<gram.chunks { gram.run(chunk: chunk, x: blocks, y: &y, scratch: scratch) }
      }
    }
    for (i, j) in [(0, 0), (3, 5), (15, 1)] {
      let expected = x.withUnsafeBufferPointer { x in
        var sum = 0.0
        for position in 0..<area { sum += Double(x[i * area + position]) * Double(x[j * area + position]) }
        return sum
      }
      #expect(abs(Double(y[i * 16 + j]) - expected) < 2e-7 * expected)
    }
  }
}
