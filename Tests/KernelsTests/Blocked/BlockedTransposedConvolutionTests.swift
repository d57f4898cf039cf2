import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedTransposedConvolutionTests {
  @Test(arguments: InstructionSet.supported) func agreesWithTheAdjointLoop(set: InstructionSet) throws {
    var random = TestRandom(seed: 4)
    for (channels, outputs, kernel, stride, extra, pad) in [
      (20, 33, 3, 2, 1, 1), (16, 5, 3, 2, 0, 1), (7, 16, 4, 2, 0, 1), (40, 20, 2, 2, 0, 0), (17, 18, 5, 3, 1, 2),
    ] {
      let geometry = TransposedConvolution(
        batch: 2, channels: channels, input: Extent(6, 29), outputs: outputs, kernel: Extent(kernel, kernel),
        stride: Extent(stride, stride), pads: Pads(all: pad), outputPadding: Extent(extra, extra))
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.outputs) = (2, outputs, channels)
      (naive.height, naive.width) = (geometry.output.height, geometry.output.width)
      (naive.kernel, naive.stride, naive.pads) = ((kernel, kernel), (stride, stride), (pad, pad, pad, pad))
      let x = random.floats(2 * channels * 6 * 29)
      let weight = random.floats(channels * outputs * kernel * kernel)
      let bias = random.floats(outputs)
      let plan = try #require(BlockedTransposedConvolution(geometry))
      let source = BlockedConvolutionTests.blocks(x, 2, channels)
      var packed = [Float](repeating: .nan, count: plan.weightBytes / 4)
      var y = [Float](
        repeating: .nan, count: Blocked.count([2, outputs, geometry.output.height, geometry.output.width]))
      let filled = bias + [Float](repeating: 0, count: 16)
      set.forced {
        for chunk in 0..<plan.weightChunks { plan.pack(chunk: chunk, weight: weight, packed: &packed) }
        filled.withUnsafeBufferPointer { filled in
          var epilogue = Epilogue()
          (epilogue.bias, epilogue.activation) = (filled.baseAddress, .rectify)
          GemmTests.withScratch(plan.scratchBytes) { scratch in
            for chunk in (0..<plan.chunks).reversed() {
              plan.run(chunk: chunk, x: source, packed: packed, epilogue: epilogue, y: &y, scratch: scratch)
            }
          }
        }
      }
      let area = geometry.output.height * geometry.output.width
      let expected = naive.inputGradient(x, weight).enumerated().map {
        max(0, $1 + Double(bias[$0 / area % outputs]))
      }
      let limit = 2e-6 + 2e-6 * Double(channels * kernel * kernel).squareRoot() / 3
      #expect(largestError(BlockedConvolutionTests.rows(y, 2, outputs), expected) < limit, "\(geometry)")
    }
  }

  @Test func groupsTapsApartAndGapsAreLeftToOthers() {
    func plan(groups: Int = 1, dilation: Int = 1, kernel: Int = 3, stride: Int = 2, outputs: Int = 8)
      -> BlockedTransposedConvolution?
    {
      BlockedTransposedConvolution(
        TransposedConvolution(
          batch: 1, channels: 8, input: Extent(5, 6), outputs: outputs, kernel: Extent(kernel, kernel),
          stride: Extent(stride, stride), dilation: Extent(dilation, dilation), groups: groups))
    }
    #expect(plan() != nil)
    #expect(plan(groups: 2) == nil && plan(dilation: 2) == nil && plan(kernel: 2, stride: 3) == nil)
    #expect(plan(outputs: 3) == nil)
  }
}
