import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ScatterTests {
  @Test func `dots lie where the points are`() throws {
    let points = Tensor(shape: [2, 2], [0, 0, 1, 1] as [Float])
    let image = try run(
      Scatter.op, ["points": .tensor(points), "labels": .list([.string("a"), .string("b")])],
      ["width": 100, "height": 100, "text": false])[0].image!
    let pixels = image.pixels.elements(UInt8.self)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[(y * 100 + x) * 3..<(y * 100 + x) * 3 + 3]) }
    // The first point lies at the bottom left, the second at the top right, in two colours.
    #expect(pixel(6, 94) == [31, 119, 180] && pixel(94, 6) == [255, 127, 14] && pixel(50, 50) == [255, 255, 255])
    #expect(
      message { _ = try run(Scatter.op, ["points": .tensor(.zeros(.f32, shape: [3]))]) }
        == "port \"points\" carries [3]; [N, 2] is needed")
  }
}
