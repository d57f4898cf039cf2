import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ImageFlipTests {
  let harness = OpHarness([])

  @Test func pixelsMatchTheNaiveWalk() throws {
    let x = pixels([7, 5, 3])
    #expect(try imageResult(ImageFlip.op, [x], [:]) == moved(x, 7, 5) { ($0, 4 - $1) })
    #expect(try imageResult(ImageFlip.op, [x], ["direction": "vertical"]) == moved(x, 7, 5) { (6 - $0, $1) })
    #expect(try imageResult(ImageFlip.op, [x], ["direction": "both"]) == moved(x, 7, 5) { (6 - $0, 4 - $1) })
  }

  @Test func types() throws {
    #expect(try harness.infer(ImageFlip.op, ["image": "image<rgb8>[H,W]"]) == ["image<rgb8>[H,W]"])
  }
}
