import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedWeightGradientTests {
  /// Those of the convolution, and pictures of more tiles and positions than are taken at a time.
  static let cases: [NaiveConvolution] =
    BlockedConvolutionTests.cases
    + [(17, 70, 25, 22, 3), (70, 18, 12, 13, 3), (5, 3, 9, 13, 1)].map { channels, outputs, height, width, kernel in
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.outputs, naive.height, naive.width) = (4, channels, outputs, height, width)
      (naive.kernel, naive.pads) = ((kernel, kernel), (kernel / 2, kernel / 2, kernel / 2, kernel / 2))
      return naive
    }

  @Test(arguments: InstructionSet.supported) func agreesWithTheNaiveLoop(set: InstructionSet) {
    var kinds = Set<Bool>()
    for (index, naive) in Self.cases.enumerated() {
      guard let plan = BlockedWeightGradient(ConvolutionTests.geometry(naive)) else { continue }
      kinds.insert(plan.isWinograd)
      let (x, w, dy, _) = ConvolutionTests.inputs(naive, seed: UInt64(index))
      let source = BlockedConvolutionTests.blocks(x, naive.batch, naive.channels)
      let slope = BlockedConvolutionTests.blocks(dy, naive.batch, naive.outputs)
      var dw = [Float](repeating: .nan, count: w.count)
      set.forced {
        GemmTests.withScratch(plan.scratchBytes) { scratch in
          for chunk in (0..<plan.chunks).reversed() {
            plan.run(chunk: chunk, x: source, dy: slope, dw: &dw, scratch: scratch)
          }
        }
      }
      // Rounding grows with the size of a sum, as in the convolution.
      let terms = Double(naive.batch * naive.outputHeight * naive.outputWidth)
      let limit = 2e-6 + (plan.isWinograd ? 1e-5 : 2e-6) * terms.squareRoot() / 3
      #expect(largestError(dw, naive.weightGradient(x, dy)) < limit, "\(naive)")
    }
    #expect(kinds == [true, false])
  }

  @Test func severalGroupsAreLeftToOthers() {
    let grouped = Convolution(
      batch: 1, channels: 8, input: Extent(8, 8), outputs: 8, kernel: Extent(3, 3), groups: 2)
    #expect(BlockedWeightGradient(grouped) == nil)
  }
}
