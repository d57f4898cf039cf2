import Images
import Language
import Tensors
import Testing

@Suite struct CropTests {
  static let image = Samples.grey([[1, 2, 3], [4, 5, 6]])

  @Test func takesAPart() throws {
    #expect(try Self.image.cropped(x: 1, y: 0, width: 2, height: 2) == Samples.grey([[2, 3], [5, 6]]))
    #expect(try Self.image.cropped(x: 2, y: 1, width: 1, height: 1) == Samples.grey([[6]]))
  }

  @Test func pads() throws {
    let constant = try Self.image.padded(top: 1, right: 2, .constant(Colour(9, 9, 9)))
    #expect(constant == Samples.grey([[9, 9, 9, 9, 9], [1, 2, 3, 9, 9], [4, 5, 6, 9, 9]]))
    let edge = try Self.image.padded(bottom: 1, left: 2, .edge)
    #expect(edge == Samples.grey([[1, 1, 1, 2, 3], [4, 4, 4, 5, 6], [4, 4, 4, 5, 6]]))
    let mirrored = try Self.image.padded(top: 1, left: 2, right: 1, .reflect)
    #expect(mirrored == Samples.grey([[6, 5, 4, 5, 6, 5], [3, 2, 1, 2, 3, 2], [6, 5, 4, 5, 6, 5]]))
  }

  @Test(arguments: PixelFormat.allCases) func cropUndoesPadInEveryFormat(_ format: PixelFormat) throws {
    let image = Samples.picture(format)
    for padding in [Image.Padding.constant(.red), .edge, .reflect] {
      let padded = try image.padded(top: 1, bottom: 2, left: 3, right: 4, padding)
      #expect(padded.width == 14 && padded.height == 8)
      #expect(try padded.cropped(x: 3, y: 1, width: 7, height: 5) == image)
    }
  }

  @Test(arguments: [(-1, 0, 1, 1), (0, 0, 4, 1), (0, 1, 1, 2), (3, 0, 1, 1), (0, 0, 0, 1), (1, 0, Int.max, 1)])
  func partsOutsideAreRefused(_ x: Int, _ y: Int, _ width: Int, _ height: Int) {
    let message = Samples.message { () throws(Fault) in
      _ = try Self.image.cropped(x: x, y: y, width: width, height: height)
    }
    #expect(message == "the part \(width) × \(height) at (\(x), \(y)) does not lie in the picture of 3 × 2")
  }

  @Test func paddingOutOfRangeIsRefused() {
    #expect(
      Samples.message { () throws(Fault) in _ = try Self.image.padded(top: 2, .reflect) }
        == "cannot pad by 2 pixels: the count must not be negative, and to reflect it must be below the extent of 2")
    #expect(
      Samples.message { () throws(Fault) in _ = try Self.image.padded(left: -1, .edge) }
        == "cannot pad by -1 pixels: the count must not be negative")
  }
}
