import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ColourMatchTests {
  /// Correlated channels around `base`, well inside the range.
  func picture(_ seed: UInt64, _ base: [Double], _ spread: Double) -> Image {
    var random = TestRandom(seed: seed)
    let numbers = random.floats(40 * 30 * 3)
    var samples = [UInt16]()
    for pixel in 0..<40 * 30 {
      let common = Double(numbers[3 * pixel])
      for c in 0..<3 {
        let value = base[c] + spread * (0.7 * common + 0.3 * Double(numbers[3 * pixel + c]))
        samples.append(UInt16(min(max(value, 0), 1) * 65535))
      }
    }
    return Image(format: .rgb16, pixels: Tensor(shape: [40, 30, 3], samples))
  }

  func matched(_ method: String, _ strength: Double = 1) throws -> (ColourSamples, ColourSamples, ColourSamples) {
    let (image, reference) = (picture(1, [0.5, 0.4, 0.6], 0.1), picture(2, [0.4, 0.5, 0.55], 0.2))
    let result = try run(
      ColourMatch.op, ["image": .image(image), "reference": .image(reference)],
      ["method": .string(method), "strength": .float(strength)])[0].image!
    return (ColourSamples(result), ColourSamples(reference), ColourSamples(image))
  }

  @Test(arguments: ["cholesky", "symmetric"]) func `mean and covariance become those of the reference`(_ method: String)
    throws
  {
    let (result, reference, _) = try matched(method)
    let (a, b) = (result.covariance(result.mean), reference.covariance(reference.mean))
    for i in 0..<3 {
      #expect(abs(result.mean[i] - reference.mean[i]) < 1e-4)
      for j in 0..<3 { #expect(abs(a[i, j] - b[i, j]) < 1e-4) }
    }
  }

  @Test func `mean and deviation of channels or of brightness alone`() throws {
    let (result, reference, _) = try matched("mean_std")
    let (a, b) = (result.covariance(result.mean), reference.covariance(reference.mean))
    for i in 0..<3 { #expect(abs(result.mean[i] - reference.mean[i]) < 1e-4 && abs(a[i, i] - b[i, i]) < 1e-4) }
    let (bright, target, source) = try matched("luminance")
    func mean(_ samples: ColourSamples) -> Double {
      (0..<samples.pixelCount).reduce(0) { $0 + samples.luminance($1) } / Double(samples.pixelCount)
    }
    #expect(abs(mean(bright) - mean(target)) < 1e-4)
    // Colour differences stay.
    for pixel in stride(from: 0, to: 1200, by: 97) {
      let before = source.values[3 * pixel] - source.values[3 * pixel + 2]
      #expect(abs(bright.values[3 * pixel] - bright.values[3 * pixel + 2] - before) < 1e-4)
    }
  }

  @Test func `histograms become equal`() throws {
    let (result, reference, _) = try matched("histogram")
    for c in 0..<3 {
      let a = stride(from: c, to: result.values.count, by: 3).map { result.values[$0] }.sorted()
      let b = stride(from: c, to: reference.values.count, by: 3).map { reference.values[$0] }.sorted()
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 0.01 })
    }
  }

  @Test func `strength 0 changes nothing, and a grey picture takes the mean colour`() throws {
    let (result, _, source) = try matched("cholesky", 0)
    #expect(zip(result.values, source.values).allSatisfy { abs($0 - $1) < 1e-4 })
    let grey = plain(.grey8, height: 3, width: 3, [128])
    let red = plain(.rgb8, height: 2, width: 2, [200, 40, 30])
    for method in ["mean_std", "cholesky", "symmetric", "histogram"] {
      let image = try run(
        ColourMatch.op, ["image": .image(grey), "reference": .image(red)], ["method": .string(method)])[0].image
      #expect(image == plain(.rgb8, height: 3, width: 3, [200, 40, 30]))
    }
  }

  @Test func `square roots and factors are what they say`() {
    var matrix = Matrix3()
    let numbers: [Double] = [4, 1, 0.5, 1, 3, -0.25, 0.5, -0.25, 2]
    for i in 0..<9 { matrix[i / 3, i % 3] = numbers[i] }
    let root = matrix.applying { $0.squareRoot() }
    let (square, product) = (root * root, matrix.cholesky * matrix.cholesky.transposed)
    let unit = matrix.cholesky * matrix.cholesky.lowerInverse
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(abs(square[i, j] - matrix[i, j]) < 1e-12 && abs(product[i, j] - matrix[i, j]) < 1e-12)
        #expect(abs(unit[i, j] - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }
}
