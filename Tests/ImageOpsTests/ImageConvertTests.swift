import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ImageConvertTests {
  let harness = OpHarness([])

  @Test func whatHasTheFormatAlreadyIsHandedOn() throws {
    let x = pixels([5, 4, 3])
    #expect(try operations(ImageConvert.op, x, ["format": "rgb8"]).isEmpty)
    #expect(try imageResult(ImageConvert.op, [x], ["format": "rgb8"]) == x)
    #expect(try operations(ImageConvert.op, x, ["format": "grey8"]) == ["image.convert"])
    #expect(try operations(ImageConvert.grey, pixels([5, 4, 1]), [:]).isEmpty)
    #expect(try operations(ImagePad.op, x, [:]).isEmpty)
    #expect(try imageResult(ImagePad.op, [x], [:]) == x)
    #expect(try operations(ImagePad.op, x, ["top": 1]) == ["image.pad"])
  }

  @Test func greyIsLuma() throws {
    let x = pixels([50, 40, 3])
    let bytes = x.elements(UInt8.self)
    let y = try imageResult(ImageConvert.grey, [x], [:])
    for (index, value) in y.elements(UInt8.self).enumerated() {
      let (r, g, b) = (Double(bytes[3 * index]), Double(bytes[3 * index + 1]), Double(bytes[3 * index + 2]))
      let luma = 0.299 * r + 0.587 * g + 0.114 * b
      #expect(abs(Double(value) - luma) < 0.502)
    }
    #expect(try imageResult(ImageConvert.op, [x], ["format": "grey8"]) == y)
  }

  @Test func channelsAndBits() throws {
    let x = Tensor(shape: [1, 1, 2], [UInt8]([200, 30]))
    func converted<T: Element>(_ format: String, _ type: T.Type) throws -> [T] {
      try imageResult(ImageConvert.op, [x], ["format": .string(format)]).elements(T.self)
    }
    #expect(try converted("rgba8", UInt8.self) == [200, 200, 200, 30])
    #expect(try converted("rgb8", UInt8.self) == [200, 200, 200])
    #expect(try converted("greya16", UInt16.self) == [51400, 7710])
    let deep = Tensor(shape: [1, 2, 1], [UInt16]([128, 65407]))
    #expect(
      try imageResult(ImageConvert.op, [deep], ["format": "rgba8"]).elements(UInt8.self)
        == [0, 0, 0, 255, 255, 255, 255, 255].map { $0 })
  }

  @Test func types() throws {
    #expect(try harness.infer(ImageConvert.op, ["image": "image[H,W]"]) == ["image<rgb8>[H,W]"])
    #expect(try harness.infer(ImageConvert.grey, ["image": "image<rgba16>[H,W]"]) == ["image<grey16>[H,W]"])
    #expect(
      harness.refusal(ImageConvert.grey, ["image": "image[H,W]"])
        == "the pixel format on image must be known: convert it with image.convert")
  }
}
