import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ViewsTests {
  let photo = Value.image(plain(.rgb8, height: 30, width: 40, [10, 20, 30]))

  @Test func `a photo stands in the top left of every square`() throws {
    let results = try run(Views.op, ["image": photo], ["sizes": .array([20, 64]), "canvas": 32, "pad": 3])
    let images = results[0].list!.map { $0.image! }
    #expect(images.map(\.width) == [32, 64] && images.map(\.height) == [32, 64])
    #expect(results[1].list!.map { $0.tensor!.elements(Float.self) } == [[0.5, 0.5, 1.5, 1.5], [1.6, 1.6, 4.8, 4.8]])
    let pixels = images[0].pixels.elements(UInt8.self)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[3 * (32 * y + x)..<3 * (32 * y + x) + 3]) }
    #expect(pixel(0, 0) == [10, 20, 30] && pixel(19, 14) == [10, 20, 30])
    #expect(pixel(20, 0) == [0, 0, 0] && pixel(0, 15) == [0, 0, 0])
  }

  @Test func `size 0 is the photo itself, filled up to a multiple of 32`() throws {
    let results = try run(Views.op, ["image": photo], ["sizes": .array([0])])
    let image = try #require(results[0].list?[0].image)
    #expect(image.width == 64 && image.height == 32)
    #expect(results[1].list![0].tensor!.elements(Float.self) == [1, 1, 0, 0])
  }

  @Test func `types know the squares`() throws {
    #expect(
      try infer(Views.op, ["image": "image[H,W]"], ["sizes": .array([320, 640]), "canvas": 640])
        == ["list<image<rgb8>[640,640]; image<rgb8>[640,640]>", "list<tensor<f32>[4]; tensor<f32>[4]>"])
    #expect(
      message { _ = try infer(Views.op, ["image": "image[H,W]"], ["sizes": .array([])]) }
        == "param \"sizes\" is empty: a detector needs one size at least")
  }
}
