import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedBatchNormTests {
  /// Batch, channels and area; with pieces of several images, and more than one piece in an image.
  static let shapes = [(3, 20, 7), (2, 16, 301), (5, 33, 64), (130, 32, 1)]

  /// A large mean and a small spread, which a sum of squares would lose.
  static func picture(_ shape: (Int, Int, Int), _ random: inout TestRandom) -> [Float] {
    random.floats(shape.0 * shape.1 * shape.2).map { $0 * 0.5 + 40 }
  }

  /// Mean and biased variance of a channel, in Double.
  static func moments(_ x: [Double]) -> (mean: Double, variance: Double) {
    let mean = x.reduce(0, +) / Double(x.count)
    return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count))
  }

  @Test(arguments: InstructionSet.supported) func forwardAgreesWithTheFormula(set: InstructionSet) {
    var random = TestRandom(seed: 8)
    for (batch, channels, area) in Self.shapes {
      let x = Self.picture((batch, channels, area), &random)
      let (scale, shift) = (random.floats(channels), random.floats(channels))
      let norm = BlockedBatchNorm(batch: batch, channels: channels, area: area, epsilon: 0.01)
      for rectifies in [false, true] {
        let source = BlockedConvolutionTests.blocks(x, batch, channels)
        var y = [Float](repeating: .nan, count: source.count)
        var found = [Int: (Double, Double)]()
        set.forced {
          for chunk in 0..<norm.chunks {
            norm.forward(chunk: chunk, x: source, scale: scale, shift: shift, rectifies: rectifies, y: &y) {
              found[$0] = ($1, $2)
            }
          }
        }
        var expected = [Double](repeating: 0, count: x.count)
        for channel in 0..<channels {
          let own = x.indices.filter { $0 / area % channels == channel }
          let (mean, variance) = Self.moments(own.map { Double(x[$0]) })
          #expect(abs(found[channel]!.0 - mean) < 1e-6 * 40 && abs(found[channel]!.1 - variance) < 1e-5)
          for place in own {
            let value =
              (Double(x[place]) - mean) / (variance + 0.01).squareRoot() * Double(scale[channel])
              + Double(shift[channel])
            expected[place] = rectifies ? max(0, value) : value
          }
        }
        // An offset of about a hundred is rounded to a float, and its product with x.
        #expect(largestError(BlockedConvolutionTests.rows(y, batch, channels), expected) < 4e-5)
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func gradientsAgreeWithTheFormula(set: InstructionSet) {
    var random = TestRandom(seed: 9)
    for (batch, channels, area) in Self.shapes {
      let x = Self.picture((batch, channels, area), &random)
      let (scale, dy) = (random.floats(channels), random.floats(x.count))
      let norm = BlockedBatchNorm(batch: batch, channels: channels, area: area, epsilon: 0.01)
      let source = BlockedConvolutionTests.blocks(x, batch, channels)
      let slope = BlockedConvolutionTests.blocks(dy, batch, channels)
      var dx = [Float](repeating: .nan, count: source.count)
      var found = [Int: (Double, Double)]()
      set.forced {
        for chunk in 0..<norm.chunks {
          norm.gradient(chunk: chunk, x: source, dy: slope, scale: scale, dx: &dx) { found[$0] = ($1, $2) }
        }
      }
      var expected = [Double](repeating: 0, count: x.count)
      for channel in 0..<channels {
        let own = x.indices.filter { $0 / area % channels == channel }
        let (mean, variance) = Self.moments(own.map { Double(x[$0]) })
        let rate = 1 / (variance + 0.01).squareRoot()
        let total = own.reduce(0) { $0 + Double(dy[$1]) }
        let along = own.reduce(0) { $0 + Double(dy[$1]) * (Double(x[$1]) - mean) * rate }
        #expect(abs(found[channel]!.0 - along) < 1e-4 && abs(found[channel]!.1 - total) < 1e-4)
        for place in own {
          let normal = (Double(x[place]) - mean) * rate
          let rest = Double(dy[place]) - (total + normal * along) / Double(own.count)
          expected[place] = Double(scale[channel]) * rate * rest
        }
      }
      #expect(largestError(BlockedConvolutionTests.rows(dx, batch, channels), expected) < 4e-5)
    }
  }
}
