import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ImagePadTests {
  let harness = OpHarness([])

  @Test func pixelsMatchTheNaiveWalk() throws {
    let x = pixels([5, 6, 3])
    let sides: [String: Literal] = ["top": 2, "bottom": 1, "left": 3, "right": 4]
    let fill: [String: Literal] = ["fill": .array([10, 20, 300])]
    #expect(
      try imageResult(ImagePad.op, [x], sides.merging(fill) { $1 })
        == moved(x, 8, 13, fill: [10, 20, 255]) {
          (2..<7).contains($0) && (3..<9).contains($1) ? ($0 - 2, $1 - 3) : nil
        })
    #expect(
      try imageResult(ImagePad.op, [x], sides.merging(["mode": "replicate"]) { $1 })
        == moved(x, 8, 13) { (min(max($0 - 2, 0), 4), min(max($1 - 3, 0), 5)) })
    #expect(
      try imageResult(ImagePad.op, [x], sides.merging(["mode": "reflect"]) { $1 })
        == moved(x, 8, 13) { (4 - abs(4 - abs($0 - 2)), 5 - abs(5 - abs($1 - 3))) })
  }

  @Test func types() throws {
    #expect(
      try harness.infer(ImagePad.op, ["image": "image<rgb8>[100,W]"], ["multiple": 32, "right": 2])
        == ["image<rgb8>[128,32*(W+1)/32+32]"])
    #expect(
      harness.refusal(ImagePad.op, ["image": "image<rgb8>[3,3]"], ["left": 3, "mode": "reflect"])
        == "left is 3, outside what can be mirrored of the side, which is 3")
  }
}
