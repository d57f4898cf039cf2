import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct MattingSmoothTests {
  /// Left half dark, right half bright.
  private func halves(_ left: Int, _ right: Int, noise: Int = 0) -> Image {
    var random = TestRandom(seed: 2)
    let samples = (0..<12 * 16 * 3).map { index -> UInt8 in
      let base = index / 3 % 16 < 8 ? left : right
      return UInt8(min(max(base + (noise > 0 ? Int.random(in: -noise...noise, using: &random) : 0), 0), 255))
    }
    return Image(format: .rgb8, pixels: Tensor(shape: [12, 16, 3], samples))
  }

  /// Of the pixels that nine windows cover: towards the border the normalised affinity darkens.
  private func spread(_ image: Image, columns: Range<Int>) -> Double {
    let values = image.pixels.elements(UInt8.self).enumerated()
      .filter { columns.contains($0.offset / 3 % 16) && (2..<10).contains($0.offset / 48) }
      .map { Double($0.element) }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  @Test func `noise goes, the guide's edge stays`() throws {
    let noisy = halves(60, 180, noise: 30)
    let smooth = try run(
      MattingSmooth.op, ["image": .image(noisy), "guide": .image(halves(40, 220))])[0].image!
    #expect(spread(smooth, columns: 2..<7) < 0.4 * spread(noisy, columns: 2..<7))
    let pixels = smooth.pixels.elements(UInt8.self)
    let (left, right) = (Double(pixels[(6 * 16 + 4) * 3]), Double(pixels[(6 * 16 + 12) * 3]))
    #expect(right - left > 60)
  }

  @Test func `no smoothing changes nothing, and sizes must agree`() throws {
    let image = halves(60, 180, noise: 30)
    #expect(
      try run(MattingSmooth.op, ["image": .image(image), "guide": .image(halves(1, 2))], ["alpha": 0])[0].image == image
    )
    #expect(
      message {
        _ = try run(
          MattingSmooth.op, ["image": .image(image), "guide": .image(plain(.rgb8, height: 3, width: 3, [1, 2, 3]))])
      }.contains("image"))
  }
}
