import Images
import Tensors
import Testing

@Suite struct PictureTests {
  typealias Maker = @Sendable (Int, Int, UInt64) -> Image
  static let makers: [(String, Maker)] = [
    ("mountains", { Picture.mountains(width: $0, height: $1, seed: $2) }),
    ("brushstrokes", { Picture.brushstrokes(width: $0, height: $1, seed: $2) }),
    ("clouds", { Picture.clouds(width: $0, height: $1, seed: $2) }),
    ("noise", { Picture.noise(width: $0, height: $1, seed: $2) }),
  ]

  @Test(arguments: makers) func sameSeedSamePicture(_ name: String, _ make: Maker) {
    let image = make(48, 32, 7)
    #expect(image.format == .rgb8 && image.width == 48 && image.height == 32)
    #expect(make(48, 32, 7) == image)
    #expect(make(48, 32, 8) != image)
  }

  @Test(arguments: makers, [(1, 1), (1, 90), (90, 1), (7, 60), (61, 5)])
  func anySizeWorks(_ maker: (String, Maker), _ size: (Int, Int)) {
    let image = maker.1(size.0, size.1, 3)
    #expect(image.width == size.0 && image.height == size.1)
  }

  /// Mean colour of a part of a picture, given in fractions of its size.
  static func mean(_ image: Image, x: ClosedRange<Double>, y: ClosedRange<Double>) -> [Double] {
    let samples = image.pixels.elements(UInt8.self)
    var sum = [0.0, 0, 0]
    var count = 0.0
    for row in Int(y.lowerBound * Double(image.height))..<Int(y.upperBound * Double(image.height)) {
      for column in Int(x.lowerBound * Double(image.width))..<Int(x.upperBound * Double(image.width)) {
        for c in 0..<3 { sum[c] += Double(samples[(row * image.width + column) * 3 + c]) }
        count += 1
      }
    }
    return sum.map { $0 / count }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func mountainsHaveABlueSkyAboveADarkerLand(_ seed: UInt64) {
    let image = Picture.mountains(width: 120, height: 80, seed: seed)
    let sky = Self.mean(image, x: 0...1, y: 0...0.2)
    let land = Self.mean(image, x: 0...1, y: 0.5...0.6)
    #expect(sky[2] > sky[0] && sky[2] > 150)
    #expect(land.reduce(0, +) < 0.75 * sky.reduce(0, +))
    #expect(land[1] > land[2])  // woods and meadows
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func thePaintingHasANightSkyAndAYellowMoon(_ seed: UInt64) {
    let image = Picture.brushstrokes(width: 150, height: 100, seed: seed)
    let sky = Self.mean(image, x: 0.2...0.75, y: 0...0.5)
    let moon = Self.mean(image, x: 0.83...0.89, y: 0.10...0.20)
    #expect(sky[2] > sky[0] + 20)
    #expect(moon[0] > 170 && moon[0] > moon[2] + 40)
  }

  @Test func patternsAreExact() {
    let checker = Picture.checker(width: 3, height: 2, cell: 1, first: .white, second: .black).converted(to: .grey8)
    #expect(checker == Samples.grey([[255, 0, 255], [0, 255, 0]]))
    let ramp = Picture.gradient(width: 5, height: 1).converted(to: .grey8)
    #expect(ramp == Samples.grey([[0, 64, 128, 191, 255]]))
    let down = Picture.gradient(width: 1, height: 2, from: .white, to: .black, .down).converted(to: .grey8)
    #expect(down == Samples.grey([[255], [0]]))
    #expect(Picture.gradient(width: 1, height: 1).width == 1)
  }
}
