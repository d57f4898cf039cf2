import TestSupport
import Testing

@testable import Kernels

@Suite struct TransposedConvolutionTests {
  @Test func agreesWithTheAdjointLoop() {
    var random = TestRandom(seed: 4)
    for (stride, extra, groups) in [(1, 0, 1), (2, 1, 1), (2, 0, 2), (3, 2, 1)] {
      let geometry = TransposedConvolution(
        batch: 2, channels: 4, input: Extent(5, 6), outputs: 6, kernel: Extent(3, 4), stride: Extent(stride, stride),
        groups: groups, pads: Pads(all: 1), outputPadding: Extent(extra, extra))
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.outputs, naive.groups) = (2, 6, 4, groups)
      (naive.height, naive.width) = (geometry.output.height, geometry.output.width)
      (naive.kernel, naive.stride, naive.pads) = ((3, 4), (stride, stride), (1, 1, 1, 1))
      let x = random.floats(2 * 4 * 30)
      let weight = random.floats(4 * 6 / groups * 12)
      let dy = random.floats(2 * 6 * naive.height * naive.width)
      var y = [Float](repeating: .nan, count: dy.count)
      var dx = [Float](repeating: .nan, count: x.count)
      var dw = [Float](repeating: .nan, count: weight.count)
      GemmTests.withScratch(geometry.scratchBytes) { scratch in
        for chunk in 0..<geometry.forwardChunks {
          geometry.forward(chunk: chunk, x: x, weight: weight, y: &y, scratch: scratch)
        }
        for chunk in 0..<geometry.inputGradientChunks {
          geometry.inputGradient(chunk: chunk, dy: dy, weight: weight, dx: &dx, scratch: scratch)
        }
        for chunk in 0..<geometry.weightGradientChunks {
          geometry.weightGradient(chunk: chunk, x: x, dy: dy, dw: &dw, scratch: scratch)
        }
      }
      #expect(largestError(y, naive.inputGradient(x, weight)) < 5e-6)
      #expect(largestError(dx, naive.forward(dy, weight)) < 5e-6)
      #expect(largestError(dw, naive.weightGradient(dy, x)) < 5e-6)
    }
  }
}
