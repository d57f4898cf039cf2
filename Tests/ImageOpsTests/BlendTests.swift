import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct BlendTests {
  let harness = OpHarness([])

  @Test func pixelsMatchTheFormula() throws {
    let (a, b) = (pixels([50, 40, 3]), pixels([50, 40, 3], seed: 2))
    let y = try imageResult(Blend.op, [a, b], ["alpha": 0.3]).elements(UInt8.self)
    for (value, (p, q)) in zip(y, zip(a.elements(UInt8.self), b.elements(UInt8.self))) {
      let mixed = 0.7 * Double(p) + 0.3 * Double(q)
      #expect(abs(Double(value) - mixed) < 0.501)
    }
    #expect(try imageResult(Blend.op, [a, b], ["alpha": 0]) == a)
    #expect(try imageResult(Blend.op, [a, b], ["alpha": 1]) == b)
  }

  @Test func types() throws {
    #expect(
      try harness.infer(Blend.op, ["a": "image[H,W]", "b": "image<rgb8>[4,5]"]) == ["image<rgb8>[4,5]"])
    #expect(
      harness.refusal(Blend.op, ["a": "image<rgb8>[4,5]", "b": "image<rgb8>[4,6]"])
        == "width: 6 where 5 is needed")
    #expect(
      harness.refusal(Blend.op, ["a": "image<grey8>[4,5]", "b": "image<rgb8>[4,5]"])
        == "a is grey8 and b is rgb8; they must have the same pixel format")
  }
}
