import Images
import Tensors
import Testing

@testable import Nodes

@Suite struct ColourSamplesTests {
  @Test func greyIsRepeatedAndBitsAreKept() {
    let grey = Image(format: .grey8, pixels: Tensor(shape: [1, 2, 1], [UInt8(0), 255]))
    let samples = ColourSamples(grey)
    #expect(samples.values == [0, 0, 0, 1, 1, 1])
    #expect(samples.image.format == .rgb8)
    #expect(abs(samples.luminance(1) - 1) < 1e-15)
  }

  @Test func statisticsAreOfChannels() {
    let picture = Image(format: .rgb8, pixels: Tensor(shape: [1, 2, 3], [UInt8(0), 51, 255, 255, 153, 255]))
    let samples = ColourSamples(picture)
    #expect(samples.mean == [0.5, 0.4, 1])
    let covariance = samples.covariance(samples.mean)
    #expect(abs(covariance[0, 0] - 0.25) < 1e-15 && abs(covariance[0, 1] - 0.1) < 1e-15 && covariance[2, 2] == 0)
    #expect(covariance[1, 0] == covariance[0, 1])
  }

  @Test func whatLeavesTheRangeIsCut() {
    var samples = ColourSamples(Image(format: .rgb8, pixels: Tensor(shape: [1, 1, 3], [UInt8(0), 128, 255])))
    samples.values = [-0.5, 0.5, 1.5]
    #expect(samples.image.pixels.withElements(UInt8.self) { Array($0) } == [0, 128, 255])
  }
}
