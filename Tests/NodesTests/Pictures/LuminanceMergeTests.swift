import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct LuminanceMergeTests {
  @Test func `brightness of one, colour differences of the other`() throws {
    let grey = Value.image(plain(.grey8, height: 2, width: 2, [120]))
    let red = Value.image(plain(.rgb8, height: 2, width: 2, [150, 100, 90]))
    let merged = try run(LuminanceMerge.op, ["image": grey, "colours": red])[0].image
    // 0.299 · 150 + 0.587 · 100 + 0.114 · 90 = 113.81; each channel rises by 6.19.
    #expect(merged == plain(.rgb8, height: 2, width: 2, [156, 106, 96]))
  }

  @Test func `sizes must agree`() {
    let (a, b) = (plain(.grey8, height: 2, width: 2, [1]), plain(.grey8, height: 2, width: 3, [1]))
    #expect(
      message { _ = try run(LuminanceMerge.op, ["image": .image(a), "colours": .image(b)]) }
        == "image is 2×2 and colours 2×3; they must be equally large")
  }
}
