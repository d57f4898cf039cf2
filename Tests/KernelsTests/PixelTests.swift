import TestSupport
import Testing

@testable import Kernels

@Suite struct PixelTests {
  @Test func colourMatricesInvert() {
    var random = TestRandom(seed: 91)
    let x = random.floats(30, in: 0...1)
    for matrix in [ColourMatrix.rgbToYCbCr(centre: 0.5), .rgbToYUV, .rgbToYIQ] {
      var y = [Float](repeating: .nan, count: 30)
      var back = y
      matrix.apply(pixels: 0..<10, area: 10, x: x, y: &y)
      matrix.inverse.apply(pixels: 0..<10, area: 10, x: y, y: &back)
      #expect(largestError(back, x.map(Double.init)) < 1e-6)
      // White has no colour.
      var white: [Float] = [1, 1, 1]
      matrix.apply(pixels: 0..<1, area: 1, x: [1, 1, 1], y: &white)
      #expect(
        abs(white[0] - 1) < 1e-6 && abs(white[1] - matrix.offset.y) < 1e-6 && abs(white[2] - matrix.offset.z) < 1e-6)
      #expect(matrix.transposed.transposed.rows == matrix.rows)
    }
    // JPEG's red.
    var red: [Float] = [0, 0, 0]
    ColourMatrix.rgbToYCbCr(centre: 128).apply(pixels: 0..<1, area: 1, x: [255, 0, 0], y: &red)
    #expect(largestError(red, [76.245, 84.97234, 255.5]) < 1e-6)
  }
}
