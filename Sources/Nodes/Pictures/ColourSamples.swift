import Images
import Language
import Tensors

/// A picture's red, green and blue as Doubles, 0...1, three per pixel.
struct ColourSamples {
  let height: Int
  let width: Int
  let format: PixelFormat
  var values: [Double]

  /// Alpha is dropped, grey repeated; 8 bits stay 8.
  init(_ image: Image) {
    format = image.format.bits == 8 ? .rgb8 : .rgb16
    let colour = image.converted(to: format)
    (height, width) = (image.height, image.width)
    values =
      format.bits == 8
      ? colour.pixels.withElements(UInt8.self) { $0.map { Double($0) / 255 } }
      : colour.pixels.withElements(UInt16.self) { $0.map { Double($0) / 65535 } }
  }

  /// Cut to 0...1 and rounded to the nearest sample.
  var image: Image {
    let shape = [height, width, 3]
    if format.bits == 8 {
      return Image(
        format: format, pixels: Tensor(shape: shape, values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }))
    }
    return Image(
      format: format, pixels: Tensor(shape: shape, values.map { UInt16((min(max($0, 0), 1) * 65535).rounded()) }))
  }

  var pixelCount: Int { height * width }

  /// Brightness by ITU-R BT.601 of one pixel.
  func luminance(_ pixel: Int) -> Double {
    0.299 * values[3 * pixel] + 0.587 * values[3 * pixel + 1] + 0.114 * values[3 * pixel + 2]
  }

  var mean: [Double] {
    var sums = [0.0, 0, 0]
    for pixel in 0..<pixelCount { for c in 0..<3 { sums[c] += values[3 * pixel + c] } }
    return sums.map { $0 / Double(max(1, pixelCount)) }
  }

  /// Covariance of the channels, divided by the number of pixels.
  func covariance(_ mean: [Double]) -> Matrix3 {
    var result = Matrix3()
    for pixel in 0..<pixelCount {
      let d = (0..<3).map { values[3 * pixel + $0] - mean[$0] }
      for row in 0..<3 { for column in 0...row { result[row, column] += d[row] * d[column] } }
    }
    for row in 0..<3 {
      for column in 0...row {
        result[row, column] /= Double(max(1, pixelCount))
        result[column, row] = result[row, column]
      }
    }
    return result
  }
}

extension ImageType {
  /// The type of what `ColourSamples` makes of a picture: red, green and blue of as many bits.
  var colour: ValueType {
    .image(ImageType(format: format.map { $0.bits == 8 ? .rgb8 : .rgb16 }, height: height, width: width))
  }
}

extension HostCall {
  /// Two pictures of one size.
  /// - Throws: when the sizes differ.
  func colourPair(_ first: String, _ second: String) throws(Fault) -> (ColourSamples, ColourSamples) {
    let (a, b) = (ColourSamples(try image(first)), ColourSamples(try image(second)))
    guard a.height == b.height, a.width == b.width else {
      throw .sizesDiffer(first, [a.height, a.width], second, [b.height, b.width])
    }
    return (a, b)
  }
}
