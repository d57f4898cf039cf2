import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ImageDecoderTests {
  private func bytes(_ format: ImageFileFormat) throws -> (Image, Tensor) {
    let pixels = (0..<5 * 4 * 3).map { UInt8($0 * 37 % 256) }
    let image = Image(format: .rgb8, pixels: Tensor(shape: [5, 4, 3], pixels))
    let bytes = try ImageCodec.encode(image, ImageEncoding(format), name: "test")
    return (image, Tensor(shape: [bytes.count], bytes))
  }

  private func decode(_ stream: Tensor, _ order: String) throws -> Tensor {
    let values = try run(ImageDecoder.op, ["encoded_stream": .tensor(stream)], ["pixel_format": .string(order)])
    guard case .tensor(let tensor) = values[0] else { throw Fault.failed("no tensor") }
    return tensor
  }

  @Test func ordersOfColours() throws {
    let (image, stream) = try bytes(.png)
    #expect(try decode(stream, "RGB") == image.pixels)
    #expect(try decode(stream, "BGR") == image.swappingRedAndBlue().pixels)
    #expect(try decode(stream, "Grayscale") == image.converted(to: .grey8).pixels)
  }

  @Test func jpegIsReadAsAFileOfItIs() throws {
    let (_, stream) = try bytes(.jpeg)
    #expect(
      try decode(stream, "RGB") == (try ImageCodec.decode(stream.elements(UInt8.self), name: "test")).pixels)
  }

  @Test func otherFormatsAreRefused() throws {
    let bitmap = Tensor(shape: [4], [0x42, 0x4d, 0, 0] as [UInt8])
    let fault = #expect(throws: Fault.self) { try decode(bitmap, "RGB") }
    #expect(fault?.message == "encoded_stream is neither a JPEG nor a PNG file", "\(fault?.message ?? "")")
    let floats = #expect(throws: Fault.self) { try decode(Tensor(shape: [1], [1 as Float]), "RGB") }
    #expect(floats?.message == "encoded_stream is f32[1], but must be u8[bytes]", "\(floats?.message ?? "")")
  }
}
