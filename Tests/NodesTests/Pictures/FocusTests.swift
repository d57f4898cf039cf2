import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct FocusTests {
  @Test func `the rectangle of what is not zero`() throws {
    let image = Image(format: .rgb8, pixels: Tensor(shape: [3, 4, 3], (0..<36).map { UInt8($0) }))
    var map = Array(repeating: Float(0), count: 24)
    (map[5], map[22]) = (1, -0.5)
    let cut = try run(
      Focus.op, ["image": .image(image), "map": .tensor(Tensor(shape: [1, 2, 3, 4], map))])[0].image!
    #expect([cut.height, cut.width] == [2, 2])
    #expect(Array(cut.pixels.elements(UInt8.self).prefix(3)) == [15, 16, 17])
    let whole = try run(
      Focus.op, ["image": .image(image), "map": .tensor(.zeros(.f32, shape: [1, 1, 3, 4]))])[0].image
    #expect(whole == image)
    #expect(
      message {
        _ = try run(Focus.op, ["image": .image(image), "map": .tensor(.zeros(.f32, shape: [1, 1, 2, 2]))])
      } == "the map is [1, 1, 2, 2], the picture 3×4")
  }
}
