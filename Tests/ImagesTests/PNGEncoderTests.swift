import Images
import Language
import Tensors
import Testing

@Suite struct PNGEncoderTests {
  @Test(arguments: PixelFormat.allCases, [0, 1, 9]) func everyFormatComesBack(_ format: PixelFormat, _ level: Int)
    throws
  {
    let image = Samples.picture(format, width: 31, height: 13)
    let bytes = try ImageCodec.encode(image, .png(PNGSettings(level: level)), name: "p")
    #expect(try ImageCodec.decode(bytes, name: "p") == image)
    #expect(try ImageCodec.encode(image, .png(PNGSettings(level: level)), name: "q") == bytes)
  }

  @Test func textsTravelInTheFile() throws {
    let texts = [PNGSettings.Text("Title", "Ünö"), PNGSettings.Text("Comment", "波")]
    let bytes = try ImageCodec.encode(Samples.picture(.grey8), .png(PNGSettings(texts: texts)), name: "p")
    #expect(contains(bytes, Array("tEXtTitle\0".utf8) + [0xdc, 0x6e, 0xf6]))
    #expect(contains(bytes, Array("iTXtComment\0\0\0\0\0".utf8) + Array("波".utf8)))
    #expect(try ImageCodec.decode(bytes, name: "p") == Samples.picture(.grey8))
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    (0...(bytes.count - part.count)).contains { bytes[$0..<$0 + part.count].elementsEqual(part) }
  }

  @Test func badSettingsAreRefused() {
    func refusal(_ settings: PNGSettings) -> String? {
      Samples.message { () throws(Fault) in
        _ = try ImageCodec.encode(Samples.picture(.grey8), .png(settings), name: "p")
      }
    }
    #expect(refusal(PNGSettings(level: 10)) == "the PNG level is 10; it must be 0 to 9")
    for key in ["", " x", "x ", "a\nb", "波", String(repeating: "k", count: 80)] {
      #expect(refusal(PNGSettings(texts: [.init(key, "v")]))?.hasPrefix("PNG text key \"\(key)\" must be") == true)
    }
  }

  @Test func anEmptyPictureCannotBeWritten() {
    let empty = Image(format: .rgb8, pixels: .zeros(.u8, shape: [0, 4, 3]))
    #expect(
      Samples.message { () throws(Fault) in _ = try ImageCodec.encode(empty, ImageEncoding(.png), name: "e.png") }
        == "cannot write e.png as PNG: it has no pixels")
  }
}
