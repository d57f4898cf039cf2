import Testing

@testable import Kernels

@Suite struct WinogradCostTests {
  /// The layers of VGG-19 at 512 x 512 and 256 x 512, and odd ones.
  private static let layers = [
    (64, 64, 512, 512), (128, 128, 256, 256), (256, 256, 128, 128), (256, 256, 64, 128), (512, 512, 64, 64),
    (512, 512, 32, 32), (64, 150, 31, 45), (300, 16, 200, 3),
  ]

  @Test func piecesCoverAllTilesAndSuitTwoThreads() {
    for (channels, outputs, height, width) in Self.layers {
      for tile in [4, 6] {
        for batch in [1, 3] {
          let convolution = Convolution(
            batch: batch, channels: channels, input: Extent(height, width), outputs: outputs, kernel: Extent(3, 3),
            pads: Pads(all: 1))
          let split = WinogradCost.split(convolution, tile: tile)
          let count = batch * convolution.tiles(tile)
          let pieces = (0..<split.pieces).map { split.tiles($0, of: count) }
          #expect(pieces.flatMap { Array($0) } == Array(0..<count))
          #expect(split.pieces == 1 || split.pieces % 2 == 0 || split.pieces == parts(count, size: split.unit))
          let sizes = pieces.map(\.count)
          #expect(sizes.max()! - sizes.min()! < 2 * split.unit, "\(convolution) \(sizes)")
          #expect(channels <= 128 && outputs <= 128 || sizes.max()! <= split.group)
        }
      }
    }
  }
}
