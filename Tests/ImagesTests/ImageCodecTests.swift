import Foundation
import Images
import Language
import Tensors
import TestSupport
import Testing

@Suite struct ImageCodecTests {
  /// All of PngSuite, the EXIF and JPEG sets and our own samples (CMYK, YCCK, samplings, restarts, progressive), equal
  /// to the last bit. 16-bit colour is compared by its high bytes, which is what Pillow keeps.
  @Test(arguments: Reference.pillow.files.keys.sorted().filter { Samples.path($0) != nil })
  func pixelsEqualPillows(_ entry: String) throws {
    let expected = Reference.pillow.files[entry]!
    let format = try #require(PixelFormat(rawValue: expected.format))
    let image = try ImageFile.read(Samples.path(entry)!, DecodeOptions(orientation: .ignore))
    #expect([image.width, image.height] == expected.size)
    // The file's own format is the reference's, but for depth and colour keys that Pillow cannot keep.
    #expect(image.format.channels == format.channels || image.format.hasAlpha)
    let converted = image.converted(to: format)
    let digest = withExtendedLifetime(converted) { Digest(of: converted.pixels.bytes) }
    #expect(digest.description == expected.digest)
  }

  /// A pixel is transparent exactly if it has the key colour. (What Pillow cannot tell, see image-digests.py.)
  @Test(
    .enabled(if: Assets.present, "\(Assets.absent)"), arguments: ["tbbn0g04", "tbwn0g16", "tbbn2c16", "tbgn2c16"])
  func colourKeysBecomeAlpha(_ name: String) throws {
    let path = Assets.path("images/pngsuite/\(name).png")
    let bytes = Samples.bytes(URL(fileURLWithPath: path))
    let start = bytes.indices.first { bytes[$0...].starts(with: Array("tRNS".utf8)) }! + 4
    let deep = try ImageFile.read(path).converted(to: name.contains("2c") ? .rgba16 : .greya16)
    let channels = deep.format.channels
    let key = (0..<channels - 1).map { c -> UInt16 in
      let sample = UInt16(bytes[start + 2 * c]) << 8 | UInt16(bytes[start + 2 * c + 1])
      return name.hasSuffix("04") ? sample * 0x1111 : sample
    }
    let samples = deep.pixels.elements(UInt16.self)
    var transparent = 0
    for pixel in stride(from: 0, to: samples.count, by: channels) {
      let isKey = samples[pixel..<pixel + channels - 1].elementsEqual(key)
      #expect(samples[pixel + channels - 1] == (isKey ? 0 : 65535))
      transparent += isKey ? 1 : 0
    }
    #expect(transparent > 0 && transparent < samples.count / channels)
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)")) func testorigEqualsItsPortablePixmap() throws {
    let image = try ImageFile.read(Assets.path("images/jpeg/testorig.jpg"))
    let pixmap = Samples.bytes(URL(fileURLWithPath: Assets.path("images/jpeg/testorig.ppm")))
    let expected = pixmap.suffix(227 * 149 * 3).map(Int.init)
    #expect(image.pixels.shape == [149, 227, 3])
    // The pixmap was made by another release of the codec: Pillow differs from it in the same few places.
    let difference = zip(image.pixels.elements(UInt8.self).map(Int.init), expected).map { abs($0 - $1) }
    #expect(difference.max()! <= 3)
    #expect(difference.reduce(0, +) * 4 < difference.count)
  }

  @Test(
    .enabled(if: Assets.present, "\(Assets.absent)"),
    arguments: Samples.names("pngsuite").filter { $0.hasPrefix("x") })
  func corruptFilesAreRefusedByName(_ name: String) throws {
    let path = Assets.path("images/pngsuite/" + name)
    let fault = #expect(throws: Fault.self) { try ImageFile.read(path) }
    #expect(fault?.message.contains(path) == true)
    #expect(["image-damaged", "image-format"].contains(fault?.code))
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)"), arguments: Samples.names("png_crashers"))
  func crashersAreDecodedOrRefusedByName(_ name: String) {
    let path = Assets.path("images/png_crashers/" + name)
    do {
      let image = try ImageFile.read(path)
      #expect(image.width > 0 && image.height > 0)
    } catch {
      #expect(error.message.contains(path))
    }
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)")) func twelveBitJPEGIsRefusedClearly() {
    let path = Assets.path("images/jpeg/monkey12.jpg")
    #expect(
      Samples.message { () throws(Fault) in _ = try ImageFile.read(path) }
        == "\(path): 12-bit JPEG is not supported")
  }

  @Test(arguments: ["rgb-444.jpg", "rgb-420-progressive.jpg", "grey.jpg", "exif-6.png"])
  func everyTruncationIsRefused(_ name: String) {
    let bytes = Samples.fixture(name)
    for length in 0..<bytes.count {
      let message = Samples.message { () throws(Fault) in _ = try ImageCodec.decode(Array(bytes[..<length]), name: "x")
      }
      #expect(message?.hasPrefix("x") == true, "the first \(length) of \(bytes.count) bytes were accepted")
    }
  }

  @Test func refusalsSayWhatAndWhy() {
    func refusal(_ bytes: [UInt8], _ options: DecodeOptions = DecodeOptions()) -> String? {
      Samples.message { () throws(Fault) in _ = try ImageCodec.decode(bytes, name: "a/b.png", options) }
    }
    let png = Samples.fixture("exif-6.png")
    let jpeg = Samples.fixture("rgb-444.jpg")
    #expect(refusal([]) == "a/b.png is empty")
    #expect(refusal([1, 2, 3]) == "a/b.png is neither a JPEG nor a PNG file")
    #expect(
      refusal(Array(jpeg.dropLast(40))) == "a/b.png: damaged JPEG file: Premature end of JPEG file")
    #expect(refusal(Array(png.dropLast(20))) == "a/b.png: damaged PNG file: the file ends too early")
    #expect(
      refusal(png, DecodeOptions(limits: ImageLimits(maximumPixels: 76)))
        == "a/b.png: 11 × 7 pixels are above the limit of 76 pixels")
    #expect(
      refusal(png, DecodeOptions(limits: ImageLimits(maximumFileBytes: 100)))
        == "a/b.png: \(png.count) bytes are above the limit of 100 bytes for a picture file")
    #expect(
      refusal(png, DecodeOptions(eighths: 4))
        == "a/b.png: decoding at reduced size is possible for JPEG files only; this is a PNG")
    #expect(refusal(jpeg, DecodeOptions(eighths: 9)) == "the JPEG scale is 9; it must be 1 to 8")
    var huge = jpeg
    let frame = huge.indices.first { huge[$0] == 0xff && huge[$0 + 1] == 0xc0 }!
    huge.replaceSubrange(frame + 5..<frame + 9, with: [0x20, 0, 0x20, 0])
    #expect(
      refusal(huge)
        == "a/b.png: damaged JPEG file: \(huge.count) bytes cannot hold the 8192 × 8192 pixels that the header declares"
    )
    huge.replaceSubrange(frame + 5..<frame + 9, with: [0xff, 0xff, 0xff, 0xff])
    #expect(refusal(huge) == "a/b.png: 65535 × 65535 pixels are above the limit of 200000000 pixels")
  }

  @Test func aWrongChecksumOfAnyChunkIsRefused() {
    let bytes = Samples.fixture("exif-6.png")
    var position = 8
    while position < bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      var damaged = bytes
      damaged[position + 8 + length] ^= 1
      let message = Samples.message { () throws(Fault) in _ = try ImageCodec.decode(damaged, name: "p") }
      #expect(message?.contains("CRC error") == true, "chunk at \(position): \(message ?? "accepted")")
      position += 12 + length
    }
  }

  @Test(arguments: 1...8) func jpegDecodesAtReducedSize(_ eighths: Int) throws {
    let bytes = Samples.fixture("rgb-420-progressive.jpg")
    let image = try ImageCodec.decode(bytes, name: "s", DecodeOptions(eighths: eighths))
    #expect(image.width == (37 * eighths + 7) / 8 && image.height == (29 * eighths + 7) / 8)
    let whole = try ImageCodec.decode(bytes, name: "s")
    #expect(abs(mean(image) - mean(whole)) < 10)
  }

  private func mean(_ image: Image) -> Double {
    let samples = image.pixels.elements(UInt8.self)
    return samples.reduce(0) { $0 + Double($1) } / Double(samples.count)
  }

  /// One photo stored in nine ways. They were saved as JPEG one by one, so they differ by compression only.
  @Test(.enabled(if: Assets.present, "\(Assets.absent)"), arguments: 0...8)
  func exifPicturesLookAlikeOnceUpright(_ number: Int) throws {
    let options = DecodeOptions(eighths: 2)
    let upright = try ImageFile.read(Assets.path("images/exif/Landscape_1.jpg"), options).pixels
    let other = try ImageFile.read(Assets.path("images/exif/Landscape_\(number).jpg"), options).pixels
    #expect(other.shape == upright.shape)
    let pairs = zip(upright.elements(UInt8.self), other.elements(UInt8.self))
    let difference = pairs.reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(upright.count)
    #expect(difference < 3, "mean absolute difference \(difference)")
  }
}
