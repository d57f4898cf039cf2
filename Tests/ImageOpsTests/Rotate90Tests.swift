import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct Rotate90Tests {
  let harness = OpHarness([])

  @Test func pixelsMatchTheNaiveWalk() throws {
    let x = pixels([7, 5, 3])
    #expect(try imageResult(Rotate90.op, [x], [:]) == moved(x, 5, 7) { ($1, 4 - $0) })
    #expect(try imageResult(Rotate90.op, [x], ["turns": 2]) == moved(x, 7, 5) { (6 - $0, 4 - $1) })
    #expect(try imageResult(Rotate90.op, [x], ["turns": -1]) == moved(x, 5, 7) { (6 - $1, $0) })
    #expect(try imageResult(Rotate90.op, [x], ["turns": 4]) == x)
  }

  @Test func types() throws {
    #expect(try harness.infer(Rotate90.op, ["image": "image<rgb8>[H,W]"], ["turns": -1]) == ["image<rgb8>[W,H]"])
    #expect(try harness.infer(Rotate90.op, ["image": "image<rgb8>[H,W]"], ["turns": 2]) == ["image<rgb8>[H,W]"])
  }
}
