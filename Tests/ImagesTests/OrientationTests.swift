import Images
import Tensors
import Testing

@Suite struct OrientationTests {
  /// 1 2 3 / 4 5 6, and what becomes of it, written out by hand.
  static let expected: [(Orientation, [[UInt8]])] = [
    (.upright, [[1, 2, 3], [4, 5, 6]]),
    (.flipHorizontally, [[3, 2, 1], [6, 5, 4]]),
    (.rotate180, [[6, 5, 4], [3, 2, 1]]),
    (.flipVertically, [[4, 5, 6], [1, 2, 3]]),
    (.transpose, [[1, 4], [2, 5], [3, 6]]),
    (.rotate90, [[4, 1], [5, 2], [6, 3]]),
    (.transverse, [[6, 3], [5, 2], [4, 1]]),
    (.rotate270, [[3, 6], [2, 5], [1, 4]]),
  ]

  @Test(arguments: expected) func movesPixels(_ orientation: Orientation, _ rows: [[UInt8]]) {
    #expect(Samples.grey([[1, 2, 3], [4, 5, 6]]).oriented(orientation) == Samples.grey(rows))
  }

  @Test(arguments: PixelFormat.allCases) func keepsPixelsWholeInEveryFormat(_ format: PixelFormat) {
    let image = Samples.picture(format)
    #expect(image.rotated(quarterTurns: 1).rotated(quarterTurns: 1) == image.oriented(.rotate180))
    #expect(image.rotated(quarterTurns: -1) == image.rotated(quarterTurns: 3))
    #expect(image.flippedHorizontally().flippedVertically() == image.rotated(quarterTurns: 2))
    #expect(image.oriented(.transpose).oriented(.transpose) == image)
    #expect(image.oriented(.transverse).oriented(.transverse) == image)
    #expect(image.rotated(quarterTurns: 4) == image)
  }
}
