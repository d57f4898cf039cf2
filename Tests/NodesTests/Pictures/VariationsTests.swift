import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct VariationsTests {
  @Test func `every scale at every angle`() throws {
    let image = Image(
      format: .rgb8, pixels: Tensor(shape: [4, 6, 3], (0..<72).map { UInt8($0 * 3) }))
    let copies = try run(
      Variations.op, ["image": .image(image)], ["scales": .array([1, 2]), "angles": .array([0, 180])])[0].list!
    #expect(copies.count == 4)
    #expect(copies[0].image == image)
    #expect(copies[2].image.map { [$0.height, $0.width] } == [8, 12])
    // A half turn puts the last pixel first.
    let turned = copies[1].image!.pixels.elements(UInt8.self)
    #expect(Array(turned.prefix(3)) == Array(image.pixels.elements(UInt8.self).suffix(3)))
    #expect(
      try infer(Variations.op, ["image": "image<rgb8>[H,W]"], ["angles": .array([0, 10])])
        == ["list<image<rgb8>[H,W]; image<rgb8>[H,W]>"])
    #expect(
      message { _ = try infer(Variations.op, ["image": "image<rgb8>[H,W]"], ["scales": .array([])]) }
        == "there are no scales or no angles: no copies")
  }
}
