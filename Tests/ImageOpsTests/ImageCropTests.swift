import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ImageCropTests {
  let harness = OpHarness([])

  @Test func pixelsMatchTheNaiveWalk() throws {
    let x = pixels([40, 30, 3])
    let crop = try imageResult(ImageCrop.op, [x], ["top": 3, "left": 4, "height": 30, "width": 20])
    #expect(crop == moved(x, 30, 20) { ($0 + 3, $1 + 4) })
    let middle = try imageResult(ImageCrop.centre, [x], ["height": 5, "width": 9])
    #expect(middle == moved(x, 5, 9) { ($0 + 17, $1 + 10) })
    #expect(try imageResult(ImageCrop.centre, [x], [:]) == moved(x, 30, 30) { ($0 + 5, $1) })
    let deep = Tensor(shape: [1, 3, 1], [UInt16]([1, 2, 60000]))
    #expect(
      try imageResult(ImageCrop.op, [deep], ["left": 2, "height": 1, "width": 1]).elements(UInt16.self) == [60000])
  }

  @Test func types() throws {
    let attributes: [String: Literal] = ["top": 3, "height": 6, "width": 4]
    #expect(try harness.infer(ImageCrop.op, ["image": "image<rgb8>[H,W]"], attributes) == ["image<rgb8>[6,4]"])
    #expect(
      harness.refusal(ImageCrop.op, ["image": "image<rgb8>[8,8]"], attributes)
        == "top + height is 9, outside the height, which is 8")
    #expect(try harness.infer(ImageCrop.centre, ["image": "image<rgb8>[H,W]"], ["width": 7]) == ["image<rgb8>[7,7]"])
    #expect(try harness.infer(ImageCrop.centre, ["image": "image<rgb8>[H,W]"]) == ["image<rgb8>[?side,?side]"])
    #expect(
      harness.refusal(ImageCrop.centre, ["image": "image<rgb8>[8,6]"], ["height": 7])
        == "width is 7, outside the width, which is 6")
  }
}
