import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedChannelSumTests {
  @Test(arguments: InstructionSet.supported) func agreesWithTheNaiveSum(set: InstructionSet) {
    var random = TestRandom(seed: 10)
    for (batch, channels, area) in [(3, 20, 7), (2, 16, 301), (1, 3, 1)] {
      let x = random.floats(batch * channels * area)
      let sum = BlockedChannelSum(batch: batch, channels: channels, area: area)
      var y = [Float](repeating: .nan, count: channels)
      set.forced {
        for chunk in 0..<sum.chunks {
          sum.run(chunk: chunk, x: BlockedConvolutionTests.blocks(x, batch, channels), y: &y)
        }
      }
      var expected = [Double](repeating: 0, count: channels)
      for (index, value) in x.enumerated() { expected[index / area % channels] += Double(value) }
      #expect(largestError(y, expected) < 2e-5)
    }
  }
}
