import Images
import Language
import Tensors
import Testing

@Suite struct JPEGEncoderTests {
  static func smooth(_ format: PixelFormat) -> Image {
    let rgb: [UInt8] = (0..<48 * 64).flatMap { i -> [UInt8] in
      let (x, y) = (i % 64, i / 64)
      return [UInt8(x * 3), UInt8(y * 4), UInt8(255 - x * 2)]
    }
    return Image(format: .rgb8, pixels: Tensor(shape: [48, 64, 3], rgb)).converted(to: format)
  }

  @Test(arguments: [PixelFormat.rgb8, .grey8, .rgb16, .grey16], JPEGSettings.Sampling.allCases)
  func comesBackNearly(_ format: PixelFormat, _ sampling: JPEGSettings.Sampling) throws {
    let image = Self.smooth(format)
    let bytes = try ImageCodec.encode(image, .jpeg(JPEGSettings(quality: 95, sampling: sampling)), name: "j")
    let back = try ImageCodec.decode(bytes, name: "j")
    let expected = image.converted(to: format.channels == 1 ? .grey8 : .rgb8)
    #expect(back.format == expected.format)
    let pairs = zip(back.pixels.elements(UInt8.self), expected.pixels.elements(UInt8.self))
    #expect(pairs.reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } < 3 * expected.pixels.count)
  }

  @Test func qualityAndSamplingChangeTheSize() throws {
    func size(_ settings: JPEGSettings) throws -> Int {
      try ImageCodec.encode(Self.smooth(.rgb8), .jpeg(settings), name: "j").count
    }
    #expect(try size(JPEGSettings(quality: 20)) < size(JPEGSettings(quality: 95)))
    #expect(try size(JPEGSettings(sampling: .half)) < size(JPEGSettings(sampling: .full)))
  }

  @Test func alphaNeedsABackground() throws {
    let image = Samples.picture(.rgba8)
    #expect(
      Samples.message { () throws(Fault) in _ = try ImageCodec.encode(image, ImageEncoding(.jpeg), name: "a.jpg") }
        == "cannot write a.jpg as JPEG: rgba8 has alpha; give a background or save a PNG")
    #expect(try !ImageCodec.encode(image, .jpeg(JPEGSettings(background: .white)), name: "a.jpg").isEmpty)
    #expect(
      Samples.message { () throws(Fault) in
        _ = try ImageCodec.encode(Self.smooth(.rgb8), .jpeg(JPEGSettings(quality: 0)), name: "a.jpg")
      } == "the JPEG quality is 0; it must be 1 to 100")
  }
}
