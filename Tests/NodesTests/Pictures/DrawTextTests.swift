import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DrawTextTests {
  let black = Value.image(plain(.grey8, height: 20, width: 40, [0]))

  @Test func `text comes from the port or the param`() throws {
    let fixed = try run(DrawText.op, ["image": black], ["text": "2.5"])[0].image!
    #expect(try run(DrawText.op, ["image": black, "text": .number(2.5)])[0].image == fixed)
    let lit = fixed.pixels.elements(UInt8.self)
    #expect(lit.contains(255) && lit.count { $0 == 255 } < 100)
    #expect(
      message { _ = try infer(DrawText.op, ["image": "image[2,2]"]) }
        == "image.draw_text needs the input or the param \"text\"")
  }

  @Test func `negative places count from the far edges`() throws {
    let (width, height) = Font.size(of: "ab")
    #expect(
      try run(DrawText.op, ["image": black], ["text": "ab", "x": -3, "y": -2])[0].image
        == run(DrawText.op, ["image": black], ["text": "ab", "x": .int(37 - width), "y": .int(18 - height)])[0].image)
  }
}
