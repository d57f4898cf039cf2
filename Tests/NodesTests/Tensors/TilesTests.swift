import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct TilesTests {
  @Test(arguments: [(7, 9, 3, 2), (4, 4, 8, 1), (1, 5, 2, 3)]) func `tiles with margins put the picture together again`(
    _ height: Int, _ width: Int, _ size: Int, _ margin: Int
  ) throws {
    let x = Tensor(shape: [1, 2, height, width], (0..<2 * height * width).map(Float.init))
    let settings: [String: Literal] = ["size": .int(size), "margin": .int(margin)]
    let tiles = try run(Tiles.op, ["x": .tensor(x)], settings)[0]
    let first = try #require(tiles.list?.first?.tensor)
    #expect(first.shape == [1, 2, min(size, height) + 2 * margin, min(size, width) + 2 * margin])
    // The edge repeats outward.
    #expect(first.elements(Float.self)[0] == 0)
    let whole = try run(Untile.op, ["tiles": tiles, "like": .tensor(x)], ["size": .int(size)])[0]
    #expect(whole.tensor == x)
  }

  @Test func `missing tiles are named`() {
    let x = Tensor.zeros(.f32, shape: [1, 1, 4, 4])
    #expect(
      message { _ = try run(Untile.op, ["tiles": .list([]), "like": .tensor(x)], ["size": 2]) }
        == "0 tiles where 4 are needed")
  }
}
