import TestSupport
import Testing

@testable import Kernels

@Suite struct PixelTests {
  @Test func greyIsThatOfPillow() {
    // Image.new("RGB", ...).convert("L") of Pillow 13.0.
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30, 200, 100, 50]
    var grey = [UInt8](repeating: 0, count: 6)
    PixelConversion.grey(pixels: 0..<6, channels: 3, x: pixels, y: &grey)
    #expect(grey == [76, 150, 29, 255, 18, 124])
  }

  @Test func bytesGoToPlanesAndBack() {
    let x = (0..<256 * 3).map { UInt8($0 * 7 & 255) }
    let factor = [Float](repeating: 1 / 255, count: 3)
    let zero = [Float](repeating: 0, count: 3)
    let scale = [Float](repeating: 255, count: 3)
    for swaps in [false, true] {
      var planes = [Float](repeating: .nan, count: x.count)
      var y = [UInt8](repeating: 0, count: x.count)
      PixelConversion.toPlanes(
        pixels: 0..<256, area: 256, channels: 3, swaps: swaps, x: x, factor: factor, offset: zero, y: &planes)
      #expect(planes[5] == Float(x[15 + (swaps ? 2 : 0)]) * (1 / 255))
      PixelConversion.toBytes(
        pixels: 0..<256, area: 256, channels: 3, swaps: swaps, x: planes, factor: scale, offset: zero, y: &y)
      #expect(y == x)
    }
    var bytes = [UInt8](repeating: 9, count: 5)
    PixelConversion.toBytes(
      pixels: 0..<5, area: 5, channels: 1, x: [-3, .nan, 300, 1.5, 1.49], factor: [1], offset: [0], y: &bytes)
    #expect(bytes == [0, 0, 255, 2, 1])
  }

  @Test func channelsSwapInPlaceAndSpread() {
    var pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    pixels.withUnsafeMutableBufferPointer {
      PixelConversion.swapRedAndBlue(pixels: 0..<2, channels: 4, x: $0.baseAddress!, y: $0.baseAddress!)
    }
    #expect(pixels == [3, 2, 1, 4, 7, 6, 5, 8])
    var spread = [UInt8](repeating: 0, count: 6)
    PixelConversion.spread(pixels: 0..<2, channels: 3, x: [4, 5], y: &spread)
    #expect(spread == [4, 4, 4, 5, 5, 5])
  }

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
