import Images
import Tensors
import Testing

@Suite struct ConversionTests {
  static func pixel(_ format: PixelFormat, _ samples: [Int]) -> Image {
    format.bits == 8
      ? Image(format: format, pixels: Tensor(shape: [1, 1, samples.count], samples.map { UInt8($0) }))
      : Image(format: format, pixels: Tensor(shape: [1, 1, samples.count], samples.map { UInt16($0) }))
  }

  @Test(arguments: [
    (PixelFormat.rgb8, [255, 0, 0], PixelFormat.grey8, [76]),  // Pillow's L of pure red, green, blue
    (.rgb8, [0, 255, 0], .grey8, [150]),
    (.rgb8, [0, 0, 255], .grey8, [29]),
    (.rgb8, [255, 255, 255], .grey8, [255]),
    (.rgb16, [65535, 65535, 65535], .grey16, [65535]),
    (.rgb16, [0x12ff, 0xff00, 0x00ff], .rgb8, [0x12, 0xff, 0]),
    (.rgb8, [1, 128, 255], .rgb16, [257, 32896, 65535]),
    (.grey8, [9], .rgba8, [9, 9, 9, 255]),
    (.greya8, [9, 100], .rgba16, [2313, 2313, 2313, 25700]),
    (.rgba8, [1, 2, 3, 4], .rgb8, [1, 2, 3]),
    (.rgba8, [10, 10, 10, 4], .greya8, [10, 4]),
  ])
  func convertsOnePixel(_ from: PixelFormat, _ samples: [Int], _ to: PixelFormat, _ expected: [Int]) {
    #expect(Self.pixel(from, samples).converted(to: to) == Self.pixel(to, expected))
  }

  @Test func alphaIsLaidOverABackground() {
    func over(_ alpha: Int, _ background: Colour) -> Image {
      Self.pixel(.rgba8, [200, 100, 0, alpha]).converted(to: .rgb8, alpha: .over(background))
    }
    #expect(over(255, .white) == Self.pixel(.rgb8, [200, 100, 0]))
    #expect(over(0, Colour(1, 2, 3)) == Self.pixel(.rgb8, [1, 2, 3]))
    #expect(over(51, .white) == Self.pixel(.rgb8, [244, 224, 204]))  // one fifth of the colour, four of white
    let grey = Self.pixel(.greya16, [65535, 0]).converted(to: .grey16, alpha: .over(Colour(0, 0, 0)))
    #expect(grey == Self.pixel(.grey16, [0]))
  }

  @Test(arguments: PixelFormat.allCases, PixelFormat.allCases)
  func everyPairOfFormatsConverts(_ from: PixelFormat, _ to: PixelFormat) {
    let image = Samples.picture(from).converted(to: to)
    #expect(image.format == to && image.pixels.shape == [5, 7, to.channels])
    if to.bits >= from.bits, to.channels >= from.channels, to.hasAlpha || !from.hasAlpha {
      #expect(image.converted(to: from) == Samples.picture(from))  // nothing was lost
    }
  }

  @Test func redAndBlueChangePlaces() {
    #expect(Self.pixel(.rgba8, [1, 2, 3, 4]).swappingRedAndBlue() == Self.pixel(.rgba8, [3, 2, 1, 4]))
    #expect(Self.pixel(.rgb16, [1, 2, 3]).swappingRedAndBlue() == Self.pixel(.rgb16, [3, 2, 1]))
    #expect(Self.pixel(.greya8, [1, 2]).swappingRedAndBlue() == Self.pixel(.greya8, [1, 2]))
  }
}
