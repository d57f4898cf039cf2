import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedTests {
  @Test(arguments: InstructionSet.supported) func conversionMovesEveryElementAndFillsWithZeros(set: InstructionSet) {
    var random = TestRandom(seed: 4)
    for shape in [[1, 3, 5, 7], [2, 16, 4, 4], [2, 37, 33, 20], [1, 512, 9, 33]] {
      let x = random.floats(shape.reduce(1, *))
      let conversion = Blocked.Conversion(shape)
      var y = [Float](repeating: .nan, count: Blocked.count(shape))
      var back = [Float](repeating: .nan, count: x.count)
      set.forced {
        for chunk in 0..<conversion.chunks { conversion.toBlocks(chunk: chunk, x: x, y: &y) }
        for chunk in 0..<conversion.chunks { conversion.fromBlocks(chunk: chunk, x: y, y: &back) }
      }
      #expect(y == BlockedConvolutionTests.blocks(x, shape[0], shape[1]))
      #expect(back == x)
      // A place beyond the end, which must stay as it is.
      var last = [Float](repeating: .nan, count: x.count) + [7]
      set.forced { for chunk in 0..<conversion.chunks { conversion.toChannelsLast(chunk: chunk, x: y, y: &last) } }
      let (channels, area) = (shape[1], shape[2] * shape[3])
      for index in x.indices {
        let (image, channel, place) = (index / area / channels, index / area % channels, index % area)
        #expect(last[(image * area + place) * channels + channel] == x[index])
      }
      #expect(last[x.count] == 7)
    }
  }
}
